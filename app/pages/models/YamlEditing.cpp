#include "app/pages/models/YamlEditing.h"

#include "app/formatting/Text.h"
#include "core/yaml/Yaml.h"

#include <QRegularExpression>

namespace gatehouse::pages {
namespace {

constexpr int MaxDiffLines = 4000;

struct PathPart {
    QString name;
    int index = -1;
};

QList<PathPart> partsOf(const QString& path) {
    static const QRegularExpression part(QStringLiteral("([^.\\[\\]]+)|\\[(\\d+)\\]"));
    QList<PathPart> parts;
    for (auto matches = part.globalMatch(path); matches.hasNext();) {
        const auto match = matches.next();
        if (match.captured(2).isEmpty()) {
            parts.append({match.captured(1), -1});
        } else {
            parts.append({{}, match.captured(2).toInt()});
        }
    }
    return parts;
}

int indentOf(const QString& line) {
    int count = 0;
    while (count < line.size() && line[count] == QLatin1Char(' ')) {
        ++count;
    }
    return count;
}

// Rows of the table of longest common subsequences, from the end.
QList<QList<int>> commonLengths(const QStringList& a, const QStringList& b) {
    QList<QList<int>> lengths(a.size() + 1, QList<int>(b.size() + 1, 0));
    for (qsizetype i = a.size() - 1; i >= 0; --i) {
        for (qsizetype j = b.size() - 1; j >= 0; --j) {
            lengths[i][j] = a[i] == b[j] ? lengths[i + 1][j + 1] + 1 : std::max(lengths[i + 1][j], lengths[i][j + 1]);
        }
    }
    return lengths;
}

QStringList allDiffLines(const QStringList& a, const QStringList& b) {
    const auto lengths = commonLengths(a, b);
    QStringList lines;
    qsizetype i = 0;
    qsizetype j = 0;
    while (i < a.size() || j < b.size()) {
        if (i < a.size() && j < b.size() && a[i] == b[j]) {
            lines.append(QStringLiteral("  ") + a[i]);
            ++i;
            ++j;
        } else if (j >= b.size() || (i < a.size() && lengths[i + 1][j] >= lengths[i][j + 1])) {
            lines.append(QStringLiteral("- ") + a[i++]);
        } else {
            lines.append(QStringLiteral("+ ") + b[j++]);
        }
    }
    return lines;
}

bool isChange(const QString& line) {
    return !line.startsWith(QLatin1Char(' '));
}

} // namespace

QString yamlForEditing(const Object& object) {
    json::Object content = object.content();
    content.erase("status");
    if (json::Value* metadata = content.if_contains("metadata"); metadata != nullptr && metadata->is_object()) {
        for (const char* name :
             {"managedFields", "uid", "resourceVersion", "generation", "creationTimestamp", "selfLink"}) {
            metadata->get_object().erase(name);
        }
    }
    // The order people write in, whatever order the server stores.
    json::Object ordered;
    for (const char* name : {"apiVersion", "kind", "metadata", "spec"}) {
        if (const json::Value* value = content.if_contains(name)) {
            ordered[name] = *value;
        }
    }
    for (const auto& member : content) {
        if (!ordered.contains(member.key())) {
            ordered[member.key()] = member.value();
        }
    }
    return formatting::toQt(yaml::write(ordered));
}

Result<Object> objectFromYaml(const QString& text, const Object* base) {
    auto value = yaml::readOne(formatting::toStd(text));
    if (!value) {
        return failure(std::move(value.error()));
    }
    auto object = Object::from(std::move(*value));
    if (!object || base == nullptr) {
        return object;
    }
    if (object->kind() != base->kind() || object->name() != base->name() ||
        (!object->nameSpace().empty() && object->nameSpace() != base->nameSpace())) {
        Error error = makeError(ErrorKind::Invalid, "Kind, name and namespace of an object cannot be changed",
                                "make a new model under the new name and delete the old one");
        error.field = object->kind() != base->kind() ? "kind" : "metadata.name";
        return failure(std::move(error));
    }
    object->metadata()["namespace"] = base->nameSpace();
    object->metadata()["resourceVersion"] = base->resourceVersion();
    return object;
}

int lineOfField(const QString& yaml, const QString& path) {
    const QStringList lines = yaml.split(QLatin1Char('\n'));
    qsizetype from = 0;
    int parentIndent = -1;
    int found = 0;
    for (const PathPart& part : partsOf(path)) {
        int childIndent = -1;
        int item = -1;
        bool here = false;
        for (qsizetype i = from; i < lines.size(); ++i) {
            const QString body = lines[i].trimmed();
            if (body.isEmpty() || body.startsWith(QLatin1Char('#'))) {
                continue;
            }
            const int indent = indentOf(lines[i]);
            const bool dash = body.startsWith(QStringLiteral("- ")) || body == QStringLiteral("-");
            // A list may stand at the indent of its own name.
            if (indent < parentIndent || (indent == parentIndent && !dash)) {
                break;
            }
            if (childIndent < 0) {
                childIndent = indent;
            }
            if (indent != childIndent) {
                continue;
            }
            if (part.index >= 0) {
                item += dash ? 1 : 0;
                here = dash && item == part.index;
            } else {
                const QString name = dash ? body.mid(2).trimmed() : body;
                here = name.startsWith(part.name + QLatin1Char(':')) ||
                       name.startsWith(QLatin1Char('"') + part.name + QStringLiteral("\":"));
            }
            if (here) {
                found = static_cast<int>(i) + 1;
                from = part.index >= 0 ? i : i + 1;
                parentIndent = indent;
                break;
            }
        }
        if (!here) {
            break;
        }
    }
    return found;
}

QStringList lineDiff(const QString& before, const QString& after, int context) {
    if (before == after) {
        return {};
    }
    const QStringList a = before.split(QLatin1Char('\n'));
    const QStringList b = after.split(QLatin1Char('\n'));
    if (a.size() > MaxDiffLines || b.size() > MaxDiffLines) {
        return {QStringLiteral("  …")};
    }
    const QStringList all = allDiffLines(a, b);
    QList<bool> keep(all.size(), false);
    for (qsizetype i = 0; i < all.size(); ++i) {
        if (isChange(all[i])) {
            for (qsizetype k = std::max<qsizetype>(0, i - context);
                 k <= std::min<qsizetype>(all.size() - 1, i + context); ++k) {
                keep[k] = true;
            }
        }
    }
    QStringList lines;
    for (qsizetype i = 0; i < all.size(); ++i) {
        if (keep[i]) {
            lines.append(all[i]);
        } else if (lines.isEmpty() || lines.back() != QStringLiteral("  …")) {
            lines.append(QStringLiteral("  …"));
        }
    }
    return lines;
}

QString modelTemplate(const QString& kind) {
    if (kind == QStringLiteral("PassthroughModel")) {
        return QStringLiteral("# Models of an outside provider, served through this gateway.\n"
                              "apiVersion: llm.nebari.dev/v1alpha1\n"
                              "kind: PassthroughModel\n"
                              "metadata:\n"
                              "  name: my-provider\n"
                              "  namespace: default\n"
                              "spec:\n"
                              "  provider:\n"
                              "    hostname: api.example.com\n"
                              "    schemaVersion: v1\n"
                              "    credentialSecretName: my-provider-credential  # a Secret with the key apiKey\n"
                              "  models:\n"
                              "    declared:\n"
                              "    - vendor/model-a\n"
                              "  access:\n"
                              "    groups:\n"
                              "    - ml-users\n");
    }
    return QStringLiteral("# A model that this host serves. The annotation says where its server listens.\n"
                          "apiVersion: llm.nebari.dev/v1alpha1\n"
                          "kind: LLMModel\n"
                          "metadata:\n"
                          "  name: my-model\n"
                          "  namespace: default\n"
                          "  annotations:\n"
                          "    gatehouse.dev/upstream: http://127.0.0.1:8001\n"
                          "spec:\n"
                          "  model:\n"
                          "    name: org/my-model  # the id that callers send\n"
                          "    source: huggingface\n"
                          "  resources:\n"
                          "    gpu:\n"
                          "      count: 1\n"
                          "      type: nvidia\n"
                          "  access:\n"
                          "    groups:\n"
                          "    - ml-users\n");
}

} // namespace gatehouse::pages
