#include "app/pages/endpoints/EndpointsModel.h"

#include "app/formatting/Text.h"
#include "app/item_models/RowModel.h"

#include <QCoreApplication>
#include <algorithm>

namespace gatehouse::pages {
namespace {

QString endpointText(const char* text) {
    return QCoreApplication::translate("EndpointsModel", text);
}

// What a reader must see first.
int badness(probe::Verdict verdict) {
    switch (verdict) {
    case probe::Verdict::Reached:
        return 5;
    case probe::Verdict::Inconclusive:
        return 4;
    case probe::Verdict::Public:
        return 3;
    case probe::Verdict::Denied:
        return 2;
    case probe::Verdict::Absent:
        return 1;
    case probe::Verdict::Noted:
        return 0;
    }
    return 0;
}

QStringList textsOf(const json::Value& value, std::string_view path) {
    QStringList texts;
    if (const json::Value* list = json::at(value, path); list != nullptr && list->is_array()) {
        for (const json::Value& item : list->get_array()) {
            if (item.is_string()) {
                texts.append(formatting::toQt(item.get_string()));
            }
        }
    }
    return texts;
}

QString mechanismWord(const QString& mechanism) {
    if (mechanism == QLatin1String("api-key")) {
        return endpointText("API key");
    }
    if (mechanism == QLatin1String("jwt")) {
        return endpointText("JWT");
    }
    if (mechanism == QLatin1String("mtls")) {
        return endpointText("client certificate");
    }
    return mechanism;
}

QString mechanismsInWords(const json::Value& endpoint) {
    QStringList words;
    for (const QString& mechanism : textsOf(endpoint, "authentication.mechanisms")) {
        words.append(mechanismWord(mechanism));
    }
    return words.join(QStringLiteral(", "));
}

QString modelsInWords(const json::Value& endpoint) {
    const json::Value* models = json::find(endpoint, "models");
    return models == nullptr || models->is_null() ? endpointText("any model id passes")
                                                  : textsOf(endpoint, "models").join(QStringLiteral(", "));
}

item_models::Cell findingsCell(const json::Value& endpoint) {
    const json::Value* findings = json::find(endpoint, "findings");
    const auto count = findings != nullptr && findings->is_array() ? findings->get_array().size() : 0;
    if (count == 0) {
        item_models::Cell none{endpointText("None")};
        none.muted = true;
        none.sortBy = 0;
        return none;
    }
    theme::Tone worst = theme::Tone::Neutral;
    for (const json::Value& finding : findings->get_array()) {
        const theme::Tone tone = severityTone(json::text(finding, "severity"));
        if (tone == theme::Tone::Bad || (tone == theme::Tone::Warn && worst != theme::Tone::Bad)) {
            worst = tone;
        }
    }
    item_models::Cell cell{endpointText("%1 open").arg(count), worst};
    cell.sortBy = -static_cast<int>(count);
    return cell;
}

} // namespace

Word requiredWord(const std::string& required) {
    if (required == "yes") {
        return {endpointText("Required"), theme::Tone::Good};
    }
    if (required == "no") {
        return {endpointText("Open"), theme::Tone::Bad};
    }
    if (required == "partial") {
        return {endpointText("Partly"), theme::Tone::Warn};
    }
    return {endpointText("Unknown"), theme::Tone::Warn};
}

Word verdictWord(probe::Verdict verdict) {
    switch (verdict) {
    case probe::Verdict::Denied:
        return {endpointText("Denied"), theme::Tone::Good};
    case probe::Verdict::Reached:
        return {endpointText("Reached"), theme::Tone::Bad};
    case probe::Verdict::Absent:
        return {endpointText("Absent"), theme::Tone::Neutral};
    case probe::Verdict::Public:
        return {endpointText("Public"), theme::Tone::Info};
    case probe::Verdict::Inconclusive:
        return {endpointText("Inconclusive"), theme::Tone::Warn};
    case probe::Verdict::Noted:
        return {endpointText("Noted"), theme::Tone::Neutral};
    }
    return {};
}

Word conclusionWord(probe::Conclusion conclusion) {
    switch (conclusion) {
    case probe::Conclusion::Denies:
        return {endpointText("Denies"), theme::Tone::Good};
    case probe::Conclusion::Reached:
        return {endpointText("Reached"), theme::Tone::Bad};
    case probe::Conclusion::Inconclusive:
        return {endpointText("Inconclusive"), theme::Tone::Warn};
    }
    return {};
}

theme::Tone severityTone(const std::string& severity) {
    return severity == "high" || severity == "critical" ? theme::Tone::Bad
           : severity == "medium"                       ? theme::Tone::Warn
                                                        : theme::Tone::Info;
}

QString sourceNameOf(const json::Value& endpoint) {
    const std::string name = json::text(endpoint, "source.name");
    return formatting::toQt(name.empty() ? json::text(endpoint, "id") : name);
}

const probe::EndpointReport* reportOf(const json::Value& endpoint, const probe::ProbeReport* report) {
    if (report == nullptr) {
        return nullptr;
    }
    const std::string id = json::text(endpoint, "id");
    const std::string name = formatting::toStd(sourceNameOf(endpoint));
    for (const auto& one : report->endpoints) {
        if ((!one.id.empty() && one.id == id) || (one.id.empty() && one.name == name)) {
            return &one;
        }
    }
    return nullptr;
}

QList<item_models::Column> endpointColumns() {
    return {{endpointText("Endpoint"), 300, true}, {endpointText("Source"), 170, true}, {endpointText("Reach"), 90},
            {endpointText("Authentication"), 130}, {endpointText("Mechanisms"), 122},   {endpointText("Findings"), 100},
            {endpointText("Last probe"), 125}};
}

item_models::Row endpointRow(const json::Value& endpoint, const probe::ProbeReport* report) {
    item_models::Row row;
    row.id = formatting::toQt(json::text(endpoint, "id"));
    row.source = std::make_shared<const json::Value>(endpoint);
    item_models::Cell url{formatting::toQt(json::text(endpoint, "url"))};
    url.second = modelsInWords(endpoint);
    item_models::Cell source{formatting::toQt(json::text(endpoint, "source.name"))};
    source.second = formatting::toQt(json::text(endpoint, "source.kind"));
    const std::string reach = json::text(endpoint, "reach");
    item_models::Cell reachCell{reach == "external"  ? endpointText("External")
                                : reach == "cluster" ? endpointText("Internal")
                                                     : endpointText("Unknown")};
    const Word required = requiredWord(json::text(endpoint, "authentication.required"));
    item_models::Cell requiredCell{required.text, required.tone};
    requiredCell.toolTip = formatting::toQt(json::text(endpoint, "authentication.reason"));
    item_models::Cell probed{endpointText("Never")};
    probed.muted = true;
    if (const probe::EndpointReport* found = reportOf(endpoint, report)) {
        const Word word = conclusionWord(found->conclusion);
        probed = {word.text, word.tone};
    }
    row.cells = {url, source, reachCell, requiredCell, {mechanismsInWords(endpoint)}, findingsCell(endpoint), probed};
    return row;
}

QString policyInWords(const json::Value& endpoint) {
    const std::string required = json::text(endpoint, "authentication.required");
    const QString mechanisms = mechanismsInWords(endpoint);
    QStringList sentences;
    if (required == "yes") {
        sentences.append(mechanisms.isEmpty() ? endpointText("Every caller must authenticate.")
                                              : endpointText("Every caller must present: %1.").arg(mechanisms));
    } else if (required == "no") {
        sentences.append(
            endpointText("Anybody who can reach this address may call it; no authentication is asked for."));
    } else if (required == "partial") {
        sentences.append(endpointText("Some requests pass without authentication."));
    } else {
        sentences.append(endpointText("Whether authentication is asked for could not be established."));
    }
    QStringList enforcers;
    if (const json::Value* list = json::at(endpoint, "authentication.enforcedBy");
        list != nullptr && list->is_array()) {
        for (const json::Value& one : list->get_array()) {
            const QString nameSpace = formatting::toQt(json::text(one, "namespace"));
            const QString name = formatting::toQt(json::text(one, "name"));
            enforcers.append(formatting::toQt(json::text(one, "kind")) + QLatin1Char(' ') +
                             (nameSpace.isEmpty() ? name : nameSpace + QLatin1Char('/') + name));
        }
    }
    if (!enforcers.isEmpty()) {
        sentences.append(endpointText("Enforced by %1.").arg(enforcers.join(QStringLiteral(", "))));
    }
    if (const std::string reason = json::text(endpoint, "authentication.reason"); !reason.empty()) {
        sentences.append(formatting::toQt(reason));
    }
    return sentences.join(QLatin1Char(' '));
}

QList<item_models::Column> checkColumns() {
    return {{endpointText("Route"), 190, true},
            {endpointText("Verdict"), 118},
            {endpointText("Status"), 80},
            {endpointText("Refused by"), 114},
            {endpointText("Why"), 110, true}};
}

QList<item_models::Row> checkRows(const probe::EndpointReport& endpoint, const QString& checkId) {
    std::vector<const probe::CheckResult*> checks;
    for (const auto& check : endpoint.checks) {
        if (checkId.isEmpty() || formatting::toQt(check.id) == checkId) {
            checks.push_back(&check);
        }
    }
    std::stable_sort(checks.begin(), checks.end(),
                     [](const auto* a, const auto* b) { return badness(a->verdict) > badness(b->verdict); });
    QList<item_models::Row> rows;
    for (const auto* check : checks) {
        item_models::Row row;
        row.id = formatting::toQt(endpoint.name + "\n" + check->id + "\n" + check->route + "\n" + check->transcript);
        row.source = std::make_shared<const json::Value>(json::Object{{"transcript", check->transcript}});
        const Word word = verdictWord(check->verdict);
        item_models::Cell route{formatting::toQt(check->route)};
        route.mono = true;
        route.second = checkId.isEmpty() ? formatting::toQt(check->id) : QString();
        item_models::Cell verdict{word.text, word.tone};
        verdict.sortBy = -badness(check->verdict);
        item_models::Cell status{check->status ? QString::number(*check->status) : QStringLiteral("–")};
        const QString who = check->deniedBy == probe::DeniedBy::Gateway  ? endpointText("Gateway")
                            : check->deniedBy == probe::DeniedBy::Engine ? endpointText("Engine")
                                                                         : QStringLiteral("–");
        item_models::Cell why{formatting::toQt(check->reason)};
        why.muted = true;
        why.toolTip = why.text;
        row.cells = {route, verdict, status, {who}, why};
        rows.append(row);
    }
    return rows;
}

void DenialGridModel::setReport(std::shared_ptr<const probe::ProbeReport> report) {
    beginResetModel();
    m_report = std::move(report);
    m_checks.clear();
    if (m_report) {
        for (const auto& endpoint : m_report->endpoints) {
            for (const auto& check : endpoint.checks) {
                if (const QString id = formatting::toQt(check.id); !m_checks.contains(id)) {
                    m_checks.append(id);
                }
            }
        }
    }
    endResetModel();
}

const probe::EndpointReport* DenialGridModel::endpointAt(int row) const {
    return m_report && row >= 0 && row < static_cast<int>(m_report->endpoints.size())
               ? &m_report->endpoints[static_cast<std::size_t>(row)]
               : nullptr;
}

QString DenialGridModel::checkAt(int column) const {
    return m_checks.value(column - 2);
}

int DenialGridModel::rowCount(const QModelIndex& parent) const {
    return parent.isValid() || !m_report ? 0 : static_cast<int>(m_report->endpoints.size());
}

int DenialGridModel::columnCount(const QModelIndex& parent) const {
    return parent.isValid() ? 0 : 2 + static_cast<int>(m_checks.size());
}

QVariant DenialGridModel::data(const QModelIndex& index, int role) const {
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    }
    const probe::EndpointReport* endpoint = endpointAt(index.row());
    if (endpoint == nullptr) {
        return {};
    }
    if (index.column() == 0) {
        switch (role) {
        case Qt::DisplayRole:
            return formatting::toQt(endpoint->name);
        case item_models::SecondLineRole:
            return formatting::toQt(endpoint->note.empty() ? endpoint->url : endpoint->note);
        case Qt::ToolTipRole:
            return formatting::toQt(endpoint->url);
        default:
            return {};
        }
    }
    if (index.column() == 1) {
        const Word word = conclusionWord(endpoint->conclusion);
        return role == Qt::DisplayRole         ? QVariant(word.text)
               : role == item_models::ToneRole ? QVariant(static_cast<int>(word.tone))
                                               : QVariant();
    }
    const QString id = checkAt(index.column());
    const probe::CheckResult* worst = nullptr;
    int routes = 0;
    int same = 0;
    for (const auto& check : endpoint->checks) {
        if (formatting::toQt(check.id) != id) {
            continue;
        }
        ++routes;
        if (worst == nullptr || badness(check.verdict) > badness(worst->verdict)) {
            worst = &check;
            same = 0;
        }
        same += check.verdict == worst->verdict ? 1 : 0;
    }
    if (worst == nullptr) {
        return role == Qt::DisplayRole ? QVariant(QStringLiteral("–")) : QVariant();
    }
    const Word word = verdictWord(worst->verdict);
    switch (role) {
    case Qt::DisplayRole:
        return badness(worst->verdict) < badness(probe::Verdict::Public)
                   ? word.text
                   : endpointText("%1  %2/%3").arg(word.text).arg(same).arg(routes);
    case item_models::ToneRole:
        return static_cast<int>(word.tone);
    case Qt::ToolTipRole:
        return endpointText("%1: %2 of %3 routes").arg(word.text).arg(same).arg(routes);
    case Qt::AccessibleTextRole:
        return endpointText("%1, %2: %3").arg(formatting::toQt(endpoint->name), id, word.text);
    default:
        return {};
    }
}

QVariant DenialGridModel::headerData(int section, Qt::Orientation orientation, int role) const {
    if (orientation != Qt::Horizontal) {
        return {};
    }
    if (role == Qt::TextAlignmentRole) {
        return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    }
    if (role != Qt::DisplayRole) {
        return {};
    }
    return section == 0 ? endpointText("Endpoint") : section == 1 ? endpointText("Conclusion") : checkAt(section);
}

} // namespace gatehouse::pages
