#pragma once

#include "app/jobs/RunThen.h"
#include "app/pages/AllPages.h"
#include "app/session/HttpAgentClient.h"
#include "app/shell/MainWindow.h"
#include "app/widgets/Banner.h"
#include "app/widgets/CodeView.h"
#include "app/widgets/DataTable.h"
#include "app/widgets/Layouts.h"
#include "core/object_store/KnownKinds.h"
#include "tests/app/flows/RealHost.h"
#include "tests/support/console/FakeAgentClient.h"

#include <QApplication>
#include <QClipboard>
#include <QComboBox>
#include <QDialog>
#include <QFileDialog>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QProgressBar>
#include <QPushButton>
#include <QRegularExpression>
#include <QTabWidget>
#include <QTableView>
#include <QTest>
#include <QTimer>
#include <gtest/gtest.h>

namespace gatehouse {

using gatehouse::testing::RealHost;
using gatehouse::testing::waitFor;
using std::chrono::seconds;

/// The console on a real agent, and the words of its flows.
class ConsoleFlows : public ::testing::Test {
protected:
    void SetUp() override {
        if (const std::string why = RealHost::missing(); !why.empty()) {
            GTEST_SKIP() << why;
        }
        m_host = std::make_unique<RealHost>();
        ASSERT_TRUE(m_host->start());
        auto connection = m_host->connection();
        ASSERT_TRUE(connection) << connection.error().describe();
        m_client = std::make_shared<session::HttpAgentClient>(std::move(*connection));
        ASSERT_TRUE(m_client->create(Object(m_host->upstreamSecret()), false, {}));
        for (const auto& [name, id] : {std::pair("a", "org/a"), std::pair("b", "org/b")}) {
            auto made = m_client->create(Object(m_host->model(name, id)), false, {});
            ASSERT_TRUE(made) << made.error().describe();
        }
        m_session = std::make_unique<session::Session>(m_client, m_clock, session::SessionSettings{});
        m_window = std::make_unique<shell::MainWindow>(*m_session, pages::allPages());
        m_session->start();
        m_window->show();
        ASSERT_TRUE(waitFor([&] { return ready("a") && ready("b"); }, seconds(60))) << "the models are not Ready";
    }

    void TearDown() override {
        m_window.reset();
        m_session.reset();
        m_host.reset();
    }

    bool ready(const std::string& name) {
        const auto& models = m_session->models().objects();
        const auto found = models.find("default/" + name);
        return found != models.end() && found->second->text("status.phase") == "Ready";
    }

    Result<Object> model(const std::string& name) { return m_client->get({kinds::LLMModel, "default", name}, {}); }

    static bool has(const Result<Object>& object, const char* text) {
        return object && json::compact(object->value()).find(text) != std::string::npos;
    }

    pages::Page* go(const char* page) {
        m_window->showPage(page);
        return m_window->page(page);
    }

    // What a person would do to a window.

    static QPushButton* button(const QWidget* in, const QString& name) {
        for (QPushButton* one : in->findChildren<QPushButton*>()) {
            const QString called = one->accessibleName().isEmpty() ? one->text() : one->accessibleName();
            if (called == name && one->isVisible()) {
                return one;
            }
        }
        return nullptr;
    }

    static bool click(const QWidget* in, const QString& name) {
        QTest::qWait(20); // a pane that was just opened is laid out
        if (!waitFor([&] { return button(in, name) != nullptr && button(in, name)->isEnabled(); })) {
            ADD_FAILURE() << "no button to click: " << name.toStdString();
            return false;
        }
        QTest::mouseClick(button(in, name), Qt::LeftButton);
        return true;
    }

    /// The dialog with that title, once it is open.
    static QDialog* dialog(const QString& title, seconds patience = seconds(20)) {
        QDialog* found = nullptr;
        waitFor(
            [&] {
                for (QWidget* widget : QApplication::topLevelWidgets()) {
                    auto* one = qobject_cast<QDialog*>(widget);
                    found = one != nullptr && one->isVisible() && one->windowTitle() == title ? one : found;
                }
                return found != nullptr;
            },
            patience);
        EXPECT_NE(found, nullptr) << "no dialog: " << title.toStdString();
        return found;
    }

    static bool noDialog() {
        return waitFor([] { return QApplication::activeModalWidget() == nullptr; });
    }

    static QString bannerOf(const QWidget* in) {
        QStringList said;
        for (const auto* banner : in->findChildren<widgets::Banner*>()) {
            if (banner->isVisible()) {
                said.append(banner->accessibleName());
            }
        }
        return said.join(u'\n');
    }

    static bool says(const QWidget* in, const QString& words, seconds patience = seconds(20)) {
        const bool said = waitFor([&] { return bannerOf(in).contains(words, Qt::CaseInsensitive); }, patience);
        EXPECT_TRUE(said) << "wanted: " << words.toStdString() << "; said: " << bannerOf(in).toStdString();
        return said;
    }

    static widgets::DataTable* table(const QWidget* in, const QString& name) {
        for (auto* one : in->findChildren<widgets::DataTable*>()) {
            if (one->view()->accessibleName() == name) {
                return one;
            }
        }
        return nullptr;
    }

    static int rowWith(const widgets::DataTable* table, const QString& text) {
        const QAbstractItemModel* shown = table->view()->model();
        for (int row = 0; row < shown->rowCount(); ++row) {
            for (int column = 0; column < shown->columnCount(); ++column) {
                if (shown->index(row, column).data().toString() == text) {
                    return row;
                }
            }
        }
        return -1;
    }

    static bool clickRow(const widgets::DataTable* table, const QString& text) {
        QTest::qWait(20);
        const bool there = waitFor([&] { return rowWith(table, text) >= 0; });
        EXPECT_TRUE(there) << "no row " << text.toStdString();
        if (there) {
            const QModelIndex index = table->view()->model()->index(rowWith(table, text), 0);
            QTest::mouseClick(table->view()->viewport(), Qt::LeftButton, {}, table->view()->visualRect(index).center());
        }
        return there;
    }

    static widgets::CodeView* code(const QWidget* in, const QString& name) {
        for (auto* one : in->findChildren<widgets::CodeView*>()) {
            if (one->accessibleName() == name) {
                return one;
            }
        }
        return nullptr;
    }

    static QLineEdit* field(const QWidget* in, const QString& name) {
        for (auto* one : in->findChildren<QLineEdit*>()) {
            if (one->accessibleName() == name) {
                return one;
            }
        }
        return nullptr;
    }

    static void type(QLineEdit* into, const QString& text) {
        ASSERT_NE(into, nullptr);
        QTest::mouseClick(into, Qt::LeftButton);
        QTest::keyClicks(into, text);
    }

    /// Everything any widget of the program shows, whether it is visible or not.
    static QString everythingShown() {
        QString all;
        for (const QWidget* widget : QApplication::allWidgets()) {
            for (const char* property : {"text", "plainText", "toolTip", "accessibleName", "accessibleDescription",
                                         "placeholderText", "windowTitle"}) {
                all += widget->property(property).toString() + u'\n';
            }
            if (const auto* view = qobject_cast<const QAbstractItemView*>(widget); view != nullptr && view->model()) {
                for (int row = 0; row < view->model()->rowCount(); ++row) {
                    for (int column = 0; column < view->model()->columnCount(); ++column) {
                        all += view->model()->index(row, column).data().toString() + u'\n';
                    }
                }
            }
        }
        return all;
    }

    /// Takes the key out of the dialog that shows it, and closes that.
    static std::string takeKey(const QString& title) {
        QDialog* shown = dialog(title, seconds(60));
        if (shown == nullptr) {
            return {};
        }
        EXPECT_FALSE(everythingShown().contains("sk-")) << "shown before anybody asked";
        QTest::keyClick(shown, Qt::Key_Escape);
        EXPECT_TRUE(shown->isVisible()) << "a slip of the finger lost the key";
        click(shown, "Show");
        const std::string value = field(shown, "Key value")->text().toStdString();
        click(shown, "Copy");
        EXPECT_EQ(QApplication::clipboard()->text().toStdString(), value);
        QApplication::clipboard()->clear();
        click(shown, "I have copied it");
        EXPECT_TRUE(noDialog());
        EXPECT_FALSE(everythingShown().contains(QString::fromStdString(value))) << "the key stayed in a widget";
        return value;
    }

    widgets::CodeView* openYaml(pages::Page* page, const QString& name) {
        clickRow(table(page, "Models"), name);
        auto* tabs = page->findChild<QTabWidget*>();
        tabs->setCurrentIndex(1);
        return code(tabs, "YAML of the model");
    }

    SystemClock m_clock;
    std::unique_ptr<RealHost> m_host;
    std::shared_ptr<session::HttpAgentClient> m_client;
    std::unique_ptr<session::Session> m_session;
    std::unique_ptr<shell::MainWindow> m_window;
};

} // namespace gatehouse
