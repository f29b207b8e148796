#include "core/probe/HttpResponseParser.h"
#include "tests/fuzz/Fuzz.h"

namespace {

using gatehouse::probe::HttpResponseParser;

constexpr HttpResponseParser::Limits Small{
    .headerBytes = 1024, .headerCount = 16, .interimAnswers = 2, .bodyBytes = 512};

} // namespace

/// First byte: how the rest is cut into pieces. However it is cut, the same is read, and never more than the limits.
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace gatehouse;
    if (size == 0) {
        return 0;
    }
    const std::size_t piece = 1U + data[0] % 16U;
    const std::string_view bytes = fuzz::view(data + 1, size - 1);

    HttpResponseParser whole(Small);
    (void)whole.feed(bytes);
    (void)whole.finish();
    HttpResponseParser cut(Small);
    for (std::size_t at = 0; at < bytes.size() && cut.state() != HttpResponseParser::State::Failed; at += piece) {
        (void)cut.feed(bytes.substr(at, piece));
    }
    (void)cut.finish();

    fuzz::require(whole.state() == cut.state(), "pieces do not change the outcome");
    fuzz::require(whole.state() != HttpResponseParser::State::Reading, "after the end there is an outcome");
    fuzz::require((whole.state() == HttpResponseParser::State::Failed) == !whole.problem().empty(),
                  "a refusal says why");
    if (whole.state() == HttpResponseParser::State::Complete) {
        fuzz::require(whole.response().status == cut.response().status, "pieces do not change the status");
        fuzz::require(whole.response().body == cut.response().body, "pieces do not change the body");
        fuzz::require(whole.response().body.size() <= Small.bodyBytes, "the body stays within its limit");
        fuzz::require(whole.response().headers.size() <= Small.headerCount, "the headers stay within their limit");
        fuzz::require(whole.response().status >= 200, "an interim answer is no answer");
    }
    return 0;
}
