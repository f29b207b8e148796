#include "app/pages/endpoints/EndpointsModel.h"

#include "app/formatting/Text.h"
#include "app/item_models/RowModel.h"

#include <QCoreApplication>
#include <algorithm>

namespace gatehouse::pages {
namespace {

/// The context of this file's texts.
class EndpointsModelText {
    Q_DECLARE_TR_FUNCTIONS(EndpointsModelText)
};

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
        return EndpointsModelText::tr("API key");
    }
    if (mechanism == QLatin1String("jwt")) {
        return EndpointsModelText::tr("JWT");
    }
    if (mechanism == QLatin1String("mtls")) {
        return EndpointsModelText::tr("client certificate");
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
    return models == nullptr || models->is_null() ? EndpointsModelText::tr("any model id passes")
                                                  : textsOf(endpoint, "models").join(QStringLiteral(", "));
}

item_models::Cell findingsCell(const json::Value& endpoint) {
    const json::Value* findings = json::find(endpoint, "findings");
    const auto count = findings != nullptr && findings->is_array() ? findings->get_array().size() : 0;
    if (count == 0) {
        item_models::Cell none{EndpointsModelText::tr("None")};
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
    item_models::Cell cell{EndpointsModelText::tr("%1 open").arg(count), worst};
    cell.sortBy = -static_cast<int>(count);
    return cell;
}

QString conclusionInWords(const probe::EndpointReport& endpoint) {
    switch (endpoint.conclusion) {
    case probe::Conclusion::Denies:
        return EndpointsModelText::tr("Every request that must be refused was refused, and a valid one passed.");
    case probe::Conclusion::Reached:
        return EndpointsModelText::tr("At least one request got in that must be refused.");
    case probe::Conclusion::Inconclusive:
        return EndpointsModelText::tr("Not every check has a clear answer, or no valid request passed beside them.");
    }
    return {};
}

} // namespace

Word requiredWord(const std::string& required) {
    if (required == "yes") {
        return {EndpointsModelText::tr("Required"), theme::Tone::Good};
    }
    if (required == "no") {
        return {EndpointsModelText::tr("Open"), theme::Tone::Bad};
    }
    if (required == "partial") {
        return {EndpointsModelText::tr("Partly"), theme::Tone::Warn};
    }
    return {EndpointsModelText::tr("Unknown"), theme::Tone::Warn};
}

Word verdictWord(probe::Verdict verdict) {
    switch (verdict) {
    case probe::Verdict::Denied:
        return {EndpointsModelText::tr("Denied"), theme::Tone::Good};
    case probe::Verdict::Reached:
        return {EndpointsModelText::tr("Reached"), theme::Tone::Bad};
    case probe::Verdict::Absent:
        return {EndpointsModelText::tr("Absent"), theme::Tone::Neutral};
    case probe::Verdict::Public:
        return {EndpointsModelText::tr("Public"), theme::Tone::Info};
    case probe::Verdict::Inconclusive:
        return {EndpointsModelText::tr("Inconclusive"), theme::Tone::Warn};
    case probe::Verdict::Noted:
        return {EndpointsModelText::tr("Noted"), theme::Tone::Neutral};
    }
    return {};
}

Word conclusionWord(probe::Conclusion conclusion) {
    switch (conclusion) {
    case probe::Conclusion::Denies:
        return {EndpointsModelText::tr("Denies"), theme::Tone::Good};
    case probe::Conclusion::Reached:
        return {EndpointsModelText::tr("Reached"), theme::Tone::Bad};
    case probe::Conclusion::Inconclusive:
        return {EndpointsModelText::tr("Inconclusive"), theme::Tone::Warn};
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
    return {{EndpointsModelText::tr("Endpoint"), 300, true}, {EndpointsModelText::tr("Source"), 170, true},
            {EndpointsModelText::tr("Reach"), 90},           {EndpointsModelText::tr("Authentication"), 130},
            {EndpointsModelText::tr("Mechanisms"), 122},     {EndpointsModelText::tr("Findings"), 100},
            {EndpointsModelText::tr("Last probe"), 125}};
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
    item_models::Cell reachCell{reach == "external"  ? EndpointsModelText::tr("External")
                                : reach == "cluster" ? EndpointsModelText::tr("Internal")
                                                     : EndpointsModelText::tr("Unknown")};
    const Word required = requiredWord(json::text(endpoint, "authentication.required"));
    item_models::Cell requiredCell{required.text, required.tone};
    requiredCell.toolTip = formatting::toQt(json::text(endpoint, "authentication.reason"));
    item_models::Cell probed{EndpointsModelText::tr("Never")};
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
        sentences.append(mechanisms.isEmpty()
                             ? EndpointsModelText::tr("Every caller must authenticate.")
                             : EndpointsModelText::tr("Every caller must present: %1.").arg(mechanisms));
    } else if (required == "no") {
        sentences.append(
            EndpointsModelText::tr("Anybody who can reach this address may call it; no authentication is asked for."));
    } else if (required == "partial") {
        sentences.append(EndpointsModelText::tr("Some requests pass without authentication."));
    } else {
        sentences.append(EndpointsModelText::tr("Whether authentication is asked for could not be established."));
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
        sentences.append(EndpointsModelText::tr("Enforced by %1.").arg(enforcers.join(QStringLiteral(", "))));
    }
    if (const std::string reason = json::text(endpoint, "authentication.reason"); !reason.empty()) {
        sentences.append(formatting::toQt(reason));
    }
    return sentences.join(QLatin1Char(' '));
}

QList<item_models::Column> checkColumns() {
    return {{EndpointsModelText::tr("Route"), 190, true},
            {EndpointsModelText::tr("Verdict"), 118},
            {EndpointsModelText::tr("Status"), 80},
            {EndpointsModelText::tr("Refused by"), 114},
            {EndpointsModelText::tr("Why"), 110, true}};
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
        const QString who = check->deniedBy == probe::DeniedBy::Gateway  ? EndpointsModelText::tr("Gateway")
                            : check->deniedBy == probe::DeniedBy::Engine ? EndpointsModelText::tr("Engine")
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
               : role == Qt::ToolTipRole       ? QVariant(conclusionInWords(*endpoint))
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
                   : EndpointsModelText::tr("%1  %2/%3").arg(word.text).arg(same).arg(routes);
    case item_models::ToneRole:
        return static_cast<int>(word.tone);
    case Qt::ToolTipRole:
        return EndpointsModelText::tr("%1, %2\n%3: %4 of %5 routes\n%6")
            .arg(formatting::toQt(endpoint->name), id, word.text)
            .arg(same)
            .arg(routes)
            .arg(formatting::toQt(worst->reason))
            .trimmed();
    case Qt::AccessibleTextRole:
        return EndpointsModelText::tr("%1, %2: %3").arg(formatting::toQt(endpoint->name), id, word.text);
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
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole) {
        return {};
    }
    return section == 0   ? EndpointsModelText::tr("Endpoint")
           : section == 1 ? EndpointsModelText::tr("Conclusion")
                          : checkAt(section);
}

} // namespace gatehouse::pages
