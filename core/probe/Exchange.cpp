#include "core/probe/Exchange.h"

#include "core/crypto/Crypto.h"

namespace gatehouse::probe {
namespace {

using Steady = std::chrono::steady_clock::time_point;

constexpr std::size_t HeaderAllowance = 64U << 10;

std::chrono::microseconds since(const Clock& clock, Steady start) {
    return std::chrono::duration_cast<std::chrono::microseconds>(clock.steady() - start);
}

std::string timeoutText(std::chrono::milliseconds limit) {
    const std::string seconds = std::to_string(limit.count() / 1000);
    const std::string tenth = limit.count() % 1000 == 0 ? "" : "." + std::to_string(limit.count() % 1000 / 100);
    return "timed out after " + seconds + tenth + " s";
}

/// One exchange under way.
class Conversation {
public:
    Conversation(const ExchangePlace& place, const Clock& clock, const std::stop_token& stop, ExchangeFacts& facts)
        : m_place(place),
          m_clock(clock),
          m_stop(stop),
          m_facts(facts),
          m_parser({HeaderAllowance, 128, 8, place.maxAnswerBytes}) {}

    void run(std::string_view bytes, bool bodyless) {
        m_parser = HttpResponseParser({HeaderAllowance, 128, 8, m_place.maxAnswerBytes}, bodyless);
        const Steady start = m_clock.steady();
        Connection connection(m_clock);
        if (!connect(connection, start)) {
            return;
        }
        m_facts.transcript.connectTime = since(m_clock, start);
        const TlsFacts& tls = connection.tlsFacts();
        m_facts.transcript.tlsVersion = tls.version;
        m_facts.transcript.tlsCipher = tls.cipher;
        m_facts.transcript.tlsVerified = tls.verified;
        m_facts.transcript.certificateSha256 = tls.certificateSha256;
        talk(connection, bytes, start);
        m_facts.transcript.totalTime = since(m_clock, start);
        conclude();
    }

    [[nodiscard]] std::string& received() { return m_received; }

    /// As far as it was read.
    [[nodiscard]] const HttpResponse& answer() const { return m_parser.response(); }

private:
    bool connect(Connection& connection, Steady start) {
        const Steady deadline = start + m_place.connectTimeout;
        Result<void> opened = failure(ErrorKind::Unreachable, "the name has no address");
        for (const SocketAddress& address : m_place.addresses) {
            m_facts.transcript.remoteAddress = address.text;
            opened = connection.open(address, deadline, m_stop);
            if (opened || opened.error().kind == ErrorKind::Cancelled || &address == &m_place.addresses.back()) {
                break;
            }
            connection.shut();
        }
        if (opened && m_place.tls) {
            opened = connection.startTls(*m_place.tls, deadline, m_stop);
        }
        if (!opened) {
            note(opened.error(), m_place.connectTimeout, "connecting ");
            m_facts.transcript.totalTime = since(m_clock, start);
        }
        return opened.has_value();
    }

    void note(const Error& error, std::chrono::milliseconds limit, const char* doing) {
        m_facts.cancelled = error.kind == ErrorKind::Cancelled;
        m_facts.transcript.failure = error.kind == ErrorKind::Timeout ? doing + timeoutText(limit) : error.message;
    }

    /// Sends and reads at the same time: a server may answer before it has read everything.
    void talk(Connection& connection, std::string_view toSend, Steady start) {
        const Steady deadline = m_clock.steady() + m_place.exchangeTimeout;
        bool sendingFailed = false;
        while (m_parser.state() == HttpResponseParser::State::Reading) {
            if (!toSend.empty() && !sendingFailed) {
                const Result<std::size_t> sent = connection.write(toSend);
                if (sent) {
                    toSend.remove_prefix(*sent);
                } else {
                    sendingFailed = true; // the answer may be there nevertheless
                    m_facts.transcript.failure = sent.error().message;
                }
            }
            const std::size_t before = m_received.size();
            bool closed = false;
            const Result<std::size_t> got = connection.read(m_received, closed);
            if (!got) {
                return note(got.error(), m_place.exchangeTimeout, "");
            }
            if (*got > 0) {
                if (before == 0) {
                    m_facts.transcript.firstByteTime = since(m_clock, start);
                }
                m_parser.feed(std::string_view(m_received).substr(before));
            } else if (closed) {
                m_parser.finish();
            }
            const bool more = m_parser.state() == HttpResponseParser::State::Reading;
            if (more && m_received.size() > HeaderAllowance + 4 * m_place.maxAnswerBytes) {
                m_facts.transcript.failure = "no valid HTTP answer: it is mostly framing";
                return;
            }
            if (m_stop.stop_requested() || (more && m_clock.steady() >= deadline)) {
                return note(makeError(m_stop.stop_requested() ? ErrorKind::Cancelled : ErrorKind::Timeout, "stopped"),
                            m_place.exchangeTimeout, "answer ");
            }
            if (more && *got == 0) {
                const Result<void> ready = connection.wait(!toSend.empty() && !sendingFailed, deadline, m_stop);
                if (!ready) {
                    return note(ready.error(), m_place.exchangeTimeout, "answer ");
                }
            }
        }
    }

    void conclude() {
        if (m_parser.state() == HttpResponseParser::State::Complete) {
            m_facts.response = m_parser.response();
            m_facts.transcript.failure.clear();
            m_facts.transcript.receivedTruncated = m_parser.response().bodyTruncated;
        } else if (m_parser.state() == HttpResponseParser::State::Failed) {
            m_facts.transcript.failure = "no valid HTTP answer: " + m_parser.problem();
        }
    }

    const ExchangePlace& m_place;
    const Clock& m_clock;
    const std::stop_token& m_stop;
    ExchangeFacts& m_facts;
    HttpResponseParser m_parser;
    std::string m_received;
};

std::size_t cutBytes(const std::vector<Transcript::Cut>& cuts, std::size_t from) {
    std::size_t sum = 0;
    for (const Transcript::Cut& cut : cuts) {
        sum += cut.offset >= from ? cut.length : 0;
    }
    return sum;
}

/// Why the body must not be kept: bytes that cannot be searched for secrets cannot be shown. Empty: it may.
std::string reasonToWithhold(const HttpResponse& answer, std::size_t seenInBody, const Redactor& redactor) {
    const std::string* coding = answer.header("Content-Encoding");
    if (coding != nullptr && !equalsIgnoringCase(*coding, "identity")) {
        return "it is compressed, secrets in it could not be seen";
    }
    // A secret that chunks cut through shows less of itself in the raw bytes than in the body they carry.
    if (answer.chunked && cutBytes(redactor.find(answer.body), 0) > seenInBody) {
        return "it gives a secret back in pieces";
    }
    return {};
}

/// Keeps what was received, without secrets.
void keepReceived(ExchangeFacts& facts, const HttpResponse& answer, std::string& received, const Redactor& redactor,
                  std::size_t limit) {
    Transcript& transcript = facts.transcript;
    if (received.size() > limit + HeaderAllowance) {
        received.resize(limit + HeaderAllowance);
        transcript.receivedTruncated = true;
    }
    transcript.receivedCuts = redactor.find(received);
    const std::size_t end = received.find("\r\n\r\n");
    std::string why;
    if (end != std::string::npos && received.size() > end + 4) {
        why = reasonToWithhold(answer, cutBytes(transcript.receivedCuts, end), redactor);
    }
    facts.echoedSecret = !transcript.receivedCuts.empty() || !redactor.find(answer.body).empty();
    std::string note;
    if (!why.empty()) {
        note = "<body of " + std::to_string(received.size() - end - 4) + " bytes withheld: " + why + ">";
        received.resize(end + 4);
        transcript.receivedCuts = redactor.find(received);
    }
    transcript.received = Redactor::cut(received, transcript.receivedCuts) + note;
    wipe(received);
}

} // namespace

ExchangeFacts exchange(const ExchangePlace& place, const ProbeRequest& request, const Redactor& redactor,
                       std::string transcriptId, const Clock& clock, const std::stop_token& stop) {
    ExchangeFacts facts;
    facts.transcript.id = std::move(transcriptId);
    facts.transcript.nonce = crypto::randomUuid();
    facts.transcript.at = clock.now();
    const RequestBytes bytes(place.url, request, facts.transcript.nonce, redactor);
    facts.transcript.cuts = bytes.cuts();
    facts.transcript.sent = Redactor::cut(bytes.bytes(), bytes.cuts());
    Conversation conversation(place, clock, stop, facts);
    conversation.run(bytes.bytes(), request.method == "HEAD");
    keepReceived(facts, conversation.answer(), conversation.received(), redactor, place.maxAnswerBytes);
    return facts;
}

} // namespace gatehouse::probe
