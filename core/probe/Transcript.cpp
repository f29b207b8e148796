#include "core/probe/ProbeReport.h"

#include <cstdio>

namespace gatehouse::probe {
namespace {

/// Printable ASCII and line ends as they are; everything else, and the backslash, as \xNN. The text is the same bytes
/// for a reader and can neither steer a terminal nor break UTF-8.
std::string escaped(std::string_view bytes) {
    std::string out;
    out.reserve(bytes.size() + bytes.size() / 8);
    for (std::size_t i = 0; i < bytes.size(); ++i) {
        const auto byte = static_cast<unsigned char>(bytes[i]);
        if (byte == '\r' && i + 1 < bytes.size() && bytes[i + 1] == '\n') {
            continue;
        }
        if (byte == '\n' || byte == '\t' || (byte >= 0x20 && byte < 0x7F && byte != '\\')) {
            out += bytes[i];
        } else {
            char hex[5];
            std::snprintf(hex, sizeof hex, "\\x%02X", byte);
            out += hex;
        }
    }
    return out;
}

std::string inMilliseconds(std::chrono::microseconds time) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f ms", static_cast<double>(time.count()) / 1000.0);
    return text;
}

std::string cutLine(const char* where, const Transcript::Cut& cut) {
    return std::string("# cut:         ") + where + " offset " + std::to_string(cut.offset) + ", " +
           std::to_string(cut.length) + " bytes, " + cut.what + ", fingerprint " + cut.fingerprint + "\n";
}

std::string block(const std::string& text) {
    std::string out = escaped(text);
    if (!out.empty() && out.back() != '\n') {
        out += '\n';
    }
    return out;
}

} // namespace

std::string Transcript::toText() const {
    std::string out = "# transcript:  " + id + "\n# at:          " + toRfc3339Millis(at) + "\n# request id:  " + nonce +
                      "\n# peer:        " + (remoteAddress.empty() ? "none" : remoteAddress) + "\n";
    if (!tlsVersion.empty()) {
        out += "# tls:         " + tlsVersion + " " + tlsCipher +
               (tlsVerified ? ", certificate verified" : ", certificate NOT verified") + "\n";
    }
    for (const std::string& fingerprint : certificateSha256) {
        out += "# certificate: sha256 " + fingerprint + "\n";
    }
    out += "# times:       connected " + inMilliseconds(connectTime) + ", first byte " + inMilliseconds(firstByteTime) +
           ", all " + inMilliseconds(totalTime) + "\n";
    for (const Cut& cut : cuts) {
        out += cutLine("request", cut);
    }
    for (const Cut& cut : receivedCuts) {
        out += cutLine("answer", cut);
    }
    if (!failure.empty()) {
        out += "# failure:     " + escaped(failure) + "\n";
    }
    out += "\n>>> request\n" + block(sent) + "\n<<< answer" + (receivedTruncated ? " (cut off at the limit)" : "") +
           "\n" + (received.empty() ? std::string("(none)\n") : block(received));
    return out;
}

} // namespace gatehouse::probe
