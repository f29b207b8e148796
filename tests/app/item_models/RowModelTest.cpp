// Tests compare with literals; the product never converts implicitly.
#undef QT_NO_CAST_FROM_ASCII
#include "app/item_models/FilterModel.h"

#include <QAbstractItemModelTester>
#include <QPersistentModelIndex>
#include <gtest/gtest.h>
#include <random>

namespace gatehouse::item_models {
namespace {

Row makeRow(const QString& id, const QString& name, int number = 0) {
    Row row;
    row.id = id;
    Cell second{QString::number(number)};
    second.sortBy = number;
    row.cells = {Cell{name}, second};
    return row;
}

class RowModelTest : public ::testing::Test {
protected:
    QStringList shown() const {
        QStringList names;
        for (int i = 0; i < filter.rowCount(); ++i) {
            names.append(filter.index(i, 0).data().toString());
        }
        return names;
    }

    SystemClock clock;
    RowModel model{{{QStringLiteral("Name")}, {QStringLiteral("Number")}}, clock};
    QAbstractItemModelTester modelTester{&model, QAbstractItemModelTester::FailureReportingMode::Fatal};
    FilterModel filter{model};
    QAbstractItemModelTester filterTester{&filter, QAbstractItemModelTester::FailureReportingMode::Fatal};
};

TEST_F(RowModelTest, ReplaceTouchesOnlyItsGroupAndKeepsPersistentIndexes) {
    model.replace(QStringLiteral("a"), {makeRow("1", "one"), makeRow("2", "two"), makeRow("3", "three")});
    model.replace(QStringLiteral("b"), {makeRow("9", "nine")});
    const QPersistentModelIndex three = model.index(model.indexOf("3"), 0);
    model.replace(QStringLiteral("a"), {makeRow("3", "three!"), makeRow("4", "four")});
    EXPECT_EQ(model.rowCount(), 3);
    EXPECT_NE(model.row("9"), nullptr);
    EXPECT_EQ(model.row("1"), nullptr);
    ASSERT_TRUE(three.isValid());
    EXPECT_EQ(three.data().toString(), "three!");
}

TEST_F(RowModelTest, ManyRowsGoAtOnce) {
    QList<Row> rows;
    for (int i = 0; i < 300; ++i) {
        rows.append(makeRow(QString::number(i), QStringLiteral("row %1").arg(i), i));
    }
    model.replace(QStringLiteral("a"), rows);
    EXPECT_EQ(filter.rowCount(), 300);
    model.replace(QStringLiteral("a"), {rows[7]});
    EXPECT_EQ(shown(), QStringList{"row 7"});
    EXPECT_EQ(model.indexOf("7"), 0);
}

TEST_F(RowModelTest, EveryWordOfTheFilterMustMatchInAnyColumn) {
    model.replace(QStringLiteral("a"),
                  {makeRow("1", "Llama chat", 70), makeRow("2", "llama embed", 8), makeRow("3", "Qwen", 70)});
    filter.setFilter(QStringLiteral("LLAMA 70"));
    EXPECT_EQ(shown(), QStringList{"Llama chat"});
    filter.setFilter(QStringLiteral("llama"));
    EXPECT_EQ(filter.rowCount(), 2);
    filter.setFilter(QStringLiteral("llama e"));
    EXPECT_EQ(shown(), QStringList{"llama embed"});
    filter.setFilter(QString());
    EXPECT_EQ(filter.rowCount(), 3);
}

TEST_F(RowModelTest, ChangesMoveRowsInAndOutOfTheFilterAndInOrder) {
    filter.sort(1, Qt::DescendingOrder);
    model.replace(QStringLiteral("a"), {makeRow("1", "a", 1), makeRow("2", "b", 2), makeRow("10", "c", 10)});
    EXPECT_EQ(shown(), (QStringList{"c", "b", "a"}));
    model.upsert(QStringLiteral("a"), makeRow("1", "a", 11));
    EXPECT_EQ(shown(), (QStringList{"a", "c", "b"}));
    model.upsert(QStringLiteral("a"), makeRow("1", "a", 5));
    EXPECT_EQ(shown(), (QStringList{"c", "a", "b"}));
    filter.setFilter(QStringLiteral("b"));
    model.upsert(QStringLiteral("a"), makeRow("1", "ab", 5));
    EXPECT_EQ(shown(), (QStringList{"ab", "b"}));
    model.upsert(QStringLiteral("a"), makeRow("2", "x", 2));
    EXPECT_EQ(shown(), QStringList{"ab"});
    model.remove("1");
    EXPECT_EQ(filter.rowCount(), 0);
}

TEST_F(RowModelTest, RandomChangesAgreeWithAFreshFilter) {
    std::mt19937 random(7);
    filter.sort(1, Qt::AscendingOrder);
    const QStringList words{"", "a", "ab", "b", "c 1", "1"};
    for (int step = 0; step < 600; ++step) {
        const QString id = QString::number(random() % 40);
        const QString name =
            QString(QChar('a' + static_cast<int>(random() % 3))) + QChar('a' + static_cast<int>(random() % 3));
        switch (random() % 4) {
        case 0:
            model.remove(id);
            break;
        case 1:
            filter.setFilter(words[static_cast<int>(random() % static_cast<unsigned>(words.size()))]);
            break;
        default:
            model.upsert(QStringLiteral("a"), makeRow(id, name, static_cast<int>(random() % 20)));
        }
        FilterModel fresh(model);
        fresh.setFilter(filter.filter());
        fresh.sort(1, Qt::AscendingOrder);
        ASSERT_EQ(fresh.rowCount(), filter.rowCount()) << "step " << step;
        for (int i = 0; i < fresh.rowCount(); ++i) {
            ASSERT_EQ(fresh.index(i, 0).data(RowIdRole), filter.index(i, 0).data(RowIdRole))
                << "step " << step << " row " << i;
        }
    }
}

TEST_F(RowModelTest, AgesAreShownAndRefreshedWithoutMovingRows) {
    Row row = makeRow("1", "a");
    row.cells[1] = Cell{};
    row.cells[1].time = clock.now() - std::chrono::minutes(5);
    model.replace(QStringLiteral("a"), {row});
    EXPECT_EQ(model.index(0, 1).data().toString(), "5m");
    model.refreshAges();
    EXPECT_EQ(filter.rowCount(), 1);
}

} // namespace
} // namespace gatehouse::item_models
