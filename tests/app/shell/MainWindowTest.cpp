// Tests compare with literals; the product never converts implicitly.
#undef QT_NO_CAST_FROM_ASCII
#include "app/shell/MainWindow.h"

#include "app/ConsoleOptions.h"
#include "app/pages/AllPages.h"
#include "app/shell/CommandPalette.h"
#include "app/theme/Theme.h"
#include "app/widgets/Banner.h"
#include "app/widgets/Clipboard.h"
#include "core/object_store/KnownKinds.h"
#include "tests/support/console/FakeAgentClient.h"

#include <QAbstractButton>
#include <QClipboard>
#include <QGuiApplication>
#include <QLineEdit>
#include <QTableView>
#include <gtest/gtest.h>

namespace gatehouse::shell {
namespace {

using gatehouse::testing::FakeAgentClient;
using gatehouse::testing::objectOf;
using gatehouse::testing::waitFor;

class MainWindowTest : public ::testing::Test {
protected:
    MainWindowTest() { theme::Theme::instance().apply(theme::Scheme::Light); }

    std::shared_ptr<FakeAgentClient> client = std::make_shared<FakeAgentClient>();
    SystemClock clock;
};

TEST_F(MainWindowTest, EveryPageOpensAndEveryControlHasAName) {
    session::Session session(client, clock, {});
    MainWindow window(session, pages::allPages());
    session.start();
    window.show();
    for (const QString& id : window.pageIds()) {
        window.showPage(id);
        QCoreApplication::processEvents();
        for (const auto* button : window.page(id)->findChildren<QAbstractButton*>()) {
            // Qt's own parts (clear button of a field, corner of a table) name themselves through their parent.
            const bool ours = button->isVisible() && qobject_cast<QLineEdit*>(button->parentWidget()) == nullptr &&
                              qobject_cast<QTableView*>(button->parentWidget()) == nullptr &&
                              !button->inherits("QTableCornerButton") &&
                              button->parentWidget()->metaObject()->className() != std::string("QTabBar");
            if (ours) {
                EXPECT_FALSE(button->accessibleName().isEmpty() && button->text().isEmpty())
                    << id.toStdString() << " " << button->metaObject()->className() << " in "
                    << button->parentWidget()->metaObject()->className();
            }
        }
        for (const auto* field : window.page(id)->findChildren<QLineEdit*>()) {
            EXPECT_FALSE(field->accessibleName().isEmpty()) << id.toStdString();
        }
        for (const auto* table : window.page(id)->findChildren<QTableView*>()) {
            EXPECT_FALSE(table->accessibleName().isEmpty()) << id.toStdString();
        }
    }
}

TEST_F(MainWindowTest, LossShowsABannerAndComingBackTakesItAway) {
    session::Session session(client, clock, {});
    MainWindow window(session, pages::allPages());
    session.start();
    window.show();
    client->goAway(makeError(ErrorKind::Unauthenticated, "The token is not known"));
    const auto shownBanner = [&] {
        for (auto* one : window.findChildren<widgets::Banner*>()) {
            if (one->isVisible() && one->accessibleName().contains("token")) {
                return true;
            }
        }
        return false;
    };
    ASSERT_TRUE(waitFor(shownBanner));
    client->goAway(std::nullopt);
    session.retryNow();
    EXPECT_TRUE(waitFor([&] { return !shownBanner(); }));
}

TEST_F(MainWindowTest, ReadOnlyOffersNoChange) {
    client->put(kinds::ApiKey, objectOf(kinds::ApiKey, "k"));
    session::Session session(client, clock, {true});
    MainWindow window(session, pages::allPages());
    session.start();
    window.show();
    window.showPage(QStringLiteral("keys"));
    int found = 0;
    for (auto* button : window.page(QStringLiteral("keys"))->findChildren<QAbstractButton*>()) {
        if (button->isVisible() && QStringList{"New key", "Rotate…", "Revoke…"}.contains(button->text().trimmed())) {
            ++found;
            EXPECT_FALSE(button->isEnabled()) << button->text().toStdString();
        }
    }
    EXPECT_EQ(found, 3);
}

TEST_F(MainWindowTest, WhatWasNeverReadIsUnknownAndNotClear) {
    client->goAway(makeError(ErrorKind::Unreachable, "connection refused"));
    session::Session session(client, clock, {});
    MainWindow window(session, pages::allPages());
    session.start();
    window.show();
    ASSERT_TRUE(waitFor([&] { return session.lost(); }));
    int unknown = 0;
    for (const auto* widget : window.page(QStringLiteral("overview"))->findChildren<QWidget*>()) {
        unknown += widget->accessibleName() == "Unknown" ? 1 : 0;
        EXPECT_NE(widget->accessibleName(), "Clear");
    }
    EXPECT_EQ(unknown, 5);
}

TEST(CommandPaletteTest, LettersInOrder) {
    EXPECT_TRUE(CommandPalette::matches("Go to Models", "gmo"));
    EXPECT_TRUE(CommandPalette::matches("Go to Models", ""));
    EXPECT_FALSE(CommandPalette::matches("Go to Models", "mg"));
}

TEST(ClipboardTest, ASecretGoesAfterItsTimeButOtherTextStays) {
    widgets::copySecret(Secret::copyOf("sk-test"), std::chrono::milliseconds(50));
    EXPECT_EQ(QGuiApplication::clipboard()->text(), "sk-test");
    EXPECT_TRUE(waitFor([] { return QGuiApplication::clipboard()->text().isEmpty(); }));
    widgets::copySecret(Secret::copyOf("sk-test"), std::chrono::milliseconds(50));
    widgets::copyText("something else");
    waitFor([] { return false; }, std::chrono::milliseconds(150));
    EXPECT_EQ(QGuiApplication::clipboard()->text(), "something else");
}

TEST(ConsoleOptionsTest, RefusesWhatCannotWork) {
    EXPECT_TRUE(readOptions({"gatehouse", "--data", "/x", "--read-only"}));
    EXPECT_FALSE(readOptions({"gatehouse", "--server", "https://x"}));
    EXPECT_FALSE(readOptions({"gatehouse", "--server", "https://x", "--token-file", "t", "--data", "/x"}));
    EXPECT_FALSE(readOptions({"gatehouse", "--theme", "pink"}));
    EXPECT_FALSE(readOptions({"gatehouse", "--nonsense"}));
    EXPECT_TRUE(readOptions({"gatehouse", "--version"})->printAndExit.contains(GATEHOUSE_VERSION));
}

} // namespace
} // namespace gatehouse::shell
