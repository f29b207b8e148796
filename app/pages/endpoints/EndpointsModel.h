#pragma once

#include "app/item_models/Row.h"
#include "core/probe/ProbeReport.h"

#include <QAbstractTableModel>
#include <QStringList>
#include <optional>

namespace gatehouse::pages {

struct Word {
    QString text;
    theme::Tone tone = theme::Tone::Neutral;
};

[[nodiscard]] Word requiredWord(const std::string& required); ///< "yes|no|partial|unknown" of contracts.md §4
[[nodiscard]] Word verdictWord(probe::Verdict verdict);
[[nodiscard]] Word conclusionWord(probe::Conclusion conclusion);
[[nodiscard]] theme::Tone severityTone(const std::string& severity);

[[nodiscard]] QList<item_models::Column> endpointColumns();
/// One endpoint of an EndpointInventory. Pure. `report`: the last finished run, or null.
[[nodiscard]] item_models::Row endpointRow(const json::Value& endpoint, const probe::ProbeReport* report);
/// What protects it, in sentences.
[[nodiscard]] QString policyInWords(const json::Value& endpoint);
/// What people call it: the object it comes from.
[[nodiscard]] QString sourceNameOf(const json::Value& endpoint);
[[nodiscard]] const probe::EndpointReport* reportOf(const json::Value& endpoint, const probe::ProbeReport* report);

[[nodiscard]] QList<item_models::Column> checkColumns();
/// The checks of one endpoint and one check id (empty: of all), worst first.
[[nodiscard]] QList<item_models::Row> checkRows(const probe::EndpointReport& endpoint, const QString& checkId);

/// Endpoint × check, each cell the worst verdict of its routes.
class DenialGridModel : public QAbstractTableModel {
    Q_OBJECT
public:
    using QAbstractTableModel::QAbstractTableModel;
    void setReport(std::shared_ptr<const probe::ProbeReport> report);

    [[nodiscard]] const probe::ProbeReport* report() const { return m_report.get(); }

    [[nodiscard]] const probe::EndpointReport* endpointAt(int row) const;
    [[nodiscard]] QString checkAt(int column) const; ///< empty for the columns before the checks

    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const probe::ProbeReport> m_report;
    QStringList m_checks;
};

} // namespace gatehouse::pages
