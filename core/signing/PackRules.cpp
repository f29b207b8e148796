#include "core/signing/PackRules.h"

#include "core/evidence/Escape.h"

#include <algorithm>
#include <map>

namespace gatehouse::signing {
namespace {

bool isPathCharacter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' ||
           c == '-';
}

} // namespace

std::string pathProblem(std::string_view path) {
    if (path.empty() || path.size() > MaxPathBytes) {
        return "its path is empty or longer than " + std::to_string(MaxPathBytes) + " bytes";
    }
    std::size_t depth = 0;
    for (std::size_t start = 0; start <= path.size(); ++depth) {
        const std::size_t end = std::min(path.find('/', start), path.size());
        const std::string_view segment = path.substr(start, end - start);
        if (segment.empty()) {
            return "its path is absolute or has an empty part";
        }
        if (segment.front() == '.' || segment.back() == '.') {
            return "a part of its path begins or ends with a dot";
        }
        for (const char c : segment) {
            if (!isPathCharacter(c)) {
                return "its path has a character other than letters, digits, '.', '_' and '-'";
            }
        }
        start = end + 1;
    }
    return depth > MaxDepth ? "it lies deeper than " + std::to_string(MaxDepth) + " folders" : std::string();
}

std::string foldCase(std::string_view path) {
    std::string folded(path);
    for (char& c : folded) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    return folded;
}

std::string filesProblem(const evidence::Files& files) {
    if (files.size() > MaxPackFiles) {
        return "there are more than " + std::to_string(MaxPackFiles) + " files";
    }
    std::map<std::string, std::string> seen;
    std::size_t total = 0;
    for (const auto& [path, content] : files) {
        const std::string shown = evidence::visible(path);
        if (const std::string problem = pathProblem(path); !problem.empty()) {
            return "'" + shown + "': " + problem;
        }
        if (const auto [other, isNew] = seen.emplace(foldCase(path), shown); !isNew) {
            return "'" + shown + "' and '" + other->second + "' differ only in case";
        }
        for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1)) {
            if (files.contains(path.substr(0, slash))) {
                return "'" + shown + "': a file stands where its folder should be";
            }
        }
        total += content.size();
        if (content.size() > MaxFileBytes || total > MaxPackBytes) {
            return "'" + shown + "': the file or the pack up to it is too large";
        }
    }
    return {};
}

} // namespace gatehouse::signing
