#include "core/crypto/Crypto.h"
#include "core/files/Files.h"
#include "core/probe/Catalogue.h"

#include <QDirIterator>
#include <QFile>
#include <algorithm>
#include <initializer_list>
#include <set>

/// Q_INIT_RESOURCE must stand outside of every namespace.
static void initProbeCatalogueResource() {
    Q_INIT_RESOURCE(core_probe);
}

namespace gatehouse::probe {
namespace {

/// Reads members of one object and remembers the first problem; finish() refuses members nobody asked for.
class StrictReader {
public:
    StrictReader(const json::Value& value, std::string place) : m_place(std::move(place)) {
        m_object = value.if_object();
        if (m_object == nullptr) {
            m_problem = m_place + " is no object";
        }
    }

    const json::Value* member(std::string_view name) {
        m_known.insert(std::string(name));
        return m_object == nullptr ? nullptr : m_object->if_contains(name);
    }

    void text(std::string_view name, std::string& into) {
        if (const json::Value* found = member(name)) {
            found->is_string() ? void(into = std::string(found->get_string())) : refuse(name, "is no text");
        }
    }

    void flag(std::string_view name, bool& into) {
        if (const json::Value* found = member(name)) {
            found->is_bool() ? void(into = found->get_bool()) : refuse(name, "is neither true nor false");
        }
    }

    void texts(std::string_view name, std::vector<std::string>& into) {
        each(name, [&](const json::Value& item) {
            item.is_string() ? into.emplace_back(item.get_string())
                             : (refuse(name, "holds what is no text"), into.emplace_back());
        });
    }

    template <typename Take>
    void each(std::string_view name, Take take) {
        if (const json::Value* found = member(name)) {
            if (!found->is_array()) {
                return refuse(name, "is no list");
            }
            for (const json::Value& item : found->get_array()) {
                take(item);
            }
        }
    }

    void refuse(std::string_view name, const std::string& why) {
        if (m_problem.empty()) {
            m_problem = m_place + "." + std::string(name) + " " + why;
        }
    }

    void adopt(const std::string& problem) {
        if (m_problem.empty()) {
            m_problem = problem;
        }
    }

    /// Empty when all is well.
    std::string finish() {
        if (m_problem.empty()) {
            for (const auto& each : *m_object) {
                if (m_known.count(std::string(each.key())) == 0) {
                    refuse(std::string_view(each.key()), "is not known");
                }
            }
        }
        return m_problem;
    }

private:
    std::string m_place;
    const json::Object* m_object = nullptr;
    std::set<std::string> m_known;
    std::string m_problem;
};

std::string readFingerprint(const json::Value& value, const std::string& place, Fingerprint& print) {
    StrictReader reader(value, place);
    reader.text("id", print.id);
    reader.each("status", [&](const json::Value& item) {
        item.is_int64() ? print.status.push_back(static_cast<int>(item.get_int64()))
                        : reader.refuse("status", "holds what is no number");
    });
    if (const json::Value* headers = reader.member("headers"); headers != nullptr && headers->is_object()) {
        for (const auto& each : headers->get_object()) {
            print.headers.emplace_back(std::string(each.key()),
                                       each.value().is_string() ? std::string(each.value().get_string()) : "*");
        }
    }
    reader.texts("absentHeaders", print.absentHeaders);
    if (const json::Value* text = reader.member("bodyEquals"); text != nullptr && text->is_string()) {
        print.bodyEquals = std::string(text->get_string());
    }
    reader.texts("bodyContains", print.bodyContains);
    reader.flag("emptyBody", print.emptyBody);
    if (const json::Value* members = reader.member("json"); members != nullptr && members->is_object()) {
        for (const auto& each : members->get_object()) {
            print.jsonEquals.emplace_back(std::string(each.key()), each.value());
        }
    }
    reader.texts("jsonHas", print.jsonHas);
    if (print.id.empty()) {
        reader.refuse("id", "is missing");
    }
    if (print.headers.empty() && !print.bodyEquals && print.bodyContains.empty() && print.jsonEquals.empty() &&
        print.jsonHas.empty()) {
        reader.refuse("id", "recognises nothing: give headers, bodyEquals, bodyContains, json or jsonHas");
    }
    return reader.finish();
}

std::string readRoute(const json::Value& value, const std::string& place, const json::Object& bodies, Route& route) {
    StrictReader reader(value, place);
    std::string name;
    std::string bodyName;
    reader.text("route", name);
    reader.text("class", route.routeClass);
    reader.text("body", bodyName);
    reader.text("rawBody", route.rawBody);
    reader.text("since", route.since);
    reader.text("until", route.until);
    reader.flag("mutating", route.mutating);
    reader.text("safeMethod", route.safeMethod);
    const std::size_t space = name.find(' ');
    route.method = name.substr(0, space);
    route.path = space == std::string::npos ? std::string() : name.substr(space + 1);
    if (!isToken(route.method) || route.path.empty() || route.path.front() != '/' ||
        route.path.find_first_of(" \t\r\n") != std::string::npos) {
        reader.refuse("route", "is not of the form 'GET /path'");
    }
    static const std::set<std::string> classes{"inference", "control", "models", "recon", "utility"};
    if (classes.count(route.routeClass) == 0) {
        reader.refuse("class", "is none of inference, control, models, recon, utility");
    }
    if (!bodyName.empty()) {
        const json::Value* body = bodies.if_contains(bodyName);
        body == nullptr ? reader.refuse("body", "names no entry of bodies") : void(route.body = *body);
    }
    return reader.finish();
}

void readFingerprints(StrictReader& reader, std::string_view name, const std::string& place,
                      std::vector<Fingerprint>& into) {
    reader.each(name, [&](const json::Value& item) {
        Fingerprint print;
        reader.adopt(readFingerprint(item, place + "." + std::string(name), print));
        into.push_back(std::move(print));
    });
}

Result<EngineFacts> readEngine(const json::Value& value) {
    const std::string place = "engine '" + json::text(value, "name").substr(0, 64) + "'";
    StrictReader reader(value, place);
    EngineFacts facts;
    std::string role = "engine";
    std::string source;
    reader.text("name", facts.name);
    reader.text("role", role);
    reader.text("title", facts.title);
    reader.text("source", source);
    facts.role = role == "gateway" ? Role::Gateway : role == "common" ? Role::Common : Role::Engine;
    if (role != "engine" && role != "gateway" && role != "common") {
        reader.refuse("role", "is none of engine, gateway, common");
    }
    reader.text("versionPath", facts.versionPath);
    reader.text("versionMember", facts.versionMember);
    readFingerprints(reader, "identify", place, facts.identify);
    readFingerprints(reader, "denials", place, facts.denials);
    readFingerprints(reader, "answers", place, facts.answers);
    readFingerprints(reader, "absent", place, facts.absent);
    readFingerprints(reader, "content", place, facts.content);
    const json::Value* bodies = reader.member("bodies");
    const json::Object none;
    const json::Object& bodyObject = bodies != nullptr && bodies->is_object() ? bodies->get_object() : none;
    reader.each("routes", [&](const json::Value& item) {
        Route route;
        reader.adopt(readRoute(item, place + ".routes", bodyObject, route));
        facts.routes.push_back(std::move(route));
    });
    reader.texts("positiveControl", facts.positiveControl);
    for (const std::string& name : facts.positiveControl) {
        if (std::none_of(facts.routes.begin(), facts.routes.end(),
                         [&](const Route& route) { return route.name() == name && route.namesModel(); })) {
            reader.refuse("positiveControl", "names '" + name + "', which is no route with a model in its body");
        }
    }
    if (facts.name.empty()) {
        reader.refuse("name", "is missing");
    }
    if (std::string problem = reader.finish(); !problem.empty()) {
        return failure(ErrorKind::Invalid, "the probe catalogue is not valid: " + problem);
    }
    return facts;
}

} // namespace

Result<Catalogue> Catalogue::fromJson(const json::Value& document) {
    StrictReader reader(document, "catalogue");
    std::string version;
    std::string kind;
    reader.text("apiVersion", version);
    reader.text("kind", kind);
    std::vector<const json::Value*> entries;
    reader.each("engines", [&](const json::Value& item) { entries.push_back(&item); });
    if (version != "gatehouse.dev/v1alpha1" || kind != "ProbeCatalogue" || entries.empty()) {
        reader.refuse("kind", "is not ProbeCatalogue of gatehouse.dev/v1alpha1 with engines in it");
    }
    if (std::string problem = reader.finish(); !problem.empty()) {
        return failure(ErrorKind::Invalid, "the probe catalogue is not valid: " + problem);
    }
    std::sort(entries.begin(), entries.end(),
              [](const auto* a, const auto* b) { return json::text(*a, "name") < json::text(*b, "name"); });
    Catalogue catalogue;
    std::string canonical;
    for (const json::Value* entry : entries) {
        Result<EngineFacts> facts = readEngine(*entry);
        if (!facts) {
            return failure(facts.error());
        }
        if (!catalogue.m_engines.empty() && catalogue.m_engines.back().name == facts->name) {
            return failure(ErrorKind::Invalid, "the probe catalogue has two entries named '" + facts->name + "'");
        }
        catalogue.m_engines.push_back(std::move(*facts));
        canonical += json::canonical(*entry) + "\n";
    }
    catalogue.m_digest = crypto::sha256Hex(canonical);
    return catalogue;
}

Result<Catalogue> Catalogue::builtIn() {
    initProbeCatalogueResource();
    json::Array engines;
    QDirIterator files(QStringLiteral(":/gatehouse/probe-catalogue"), QDir::Files);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.open(QIODevice::ReadOnly)) {
            return failure(ErrorKind::Internal, "a part of the built-in probe catalogue cannot be read");
        }
        Result<json::Value> entry = json::parse(file.readAll().toStdString());
        if (!entry) {
            return failure(
                because("the built-in probe catalogue is damaged: " + file.fileName().toStdString(), entry.error()));
        }
        engines.push_back(std::move(*entry));
    }
    return fromJson(json::Object{
        {"apiVersion", "gatehouse.dev/v1alpha1"}, {"kind", "ProbeCatalogue"}, {"engines", std::move(engines)}});
}

Result<Catalogue> Catalogue::fromFile(const std::string& path) {
    const Result<std::string> text = files::read(path, 4U << 20);
    if (!text) {
        return failure(text.error());
    }
    const Result<json::Value> document = json::parse(*text);
    if (!document) {
        return failure(because("the probe catalogue " + path + " cannot be read", document.error()));
    }
    return fromJson(*document);
}

} // namespace gatehouse::probe
