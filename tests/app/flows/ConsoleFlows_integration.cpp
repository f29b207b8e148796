// Every flow of the console, clicked in the real window against a real agent with a real gateway.
// Tests compare with literals; the product never converts implicitly.
#undef QT_NO_CAST_FROM_ASCII
#include "tests/app/flows/ConsoleFlows.h"

namespace gatehouse {
namespace {

TEST_F(ConsoleFlows, ModelIsEditedReviewedAndApplied) {
    pages::Page* page = go("models");
    widgets::CodeView* yaml = openYaml(page, "a");
    ASSERT_TRUE(waitFor([&] { return yaml->toPlainText().contains("org/a"); }));

    // An error is said at its field, and nothing changes.
    const QString good = yaml->toPlainText();
    yaml->setPlainText(QString(good).replace("count: 0", "count: -1"));
    ASSERT_TRUE(click(page, "Review and apply…"));
    EXPECT_TRUE(says(page, "spec.resources.gpu.count"));
    EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
    EXPECT_FALSE(yaml->extraSelections().isEmpty()) << "the line of the field is not marked";
    EXPECT_EQ(model("a")->at("spec.resources.gpu.count")->to_number<int>(), 0);

    // Another model and back: the edit is still there.
    clickRow(table(page, "Models"), "b");
    EXPECT_TRUE(yaml->toPlainText().contains("org/b"));
    clickRow(table(page, "Models"), "a");
    EXPECT_TRUE(yaml->toPlainText().contains("count: -1"));
    ASSERT_TRUE(click(page, "Discard changes"));
    EXPECT_EQ(yaml->toPlainText(), good);

    // Review shows what changes; keeping on editing changes nothing, applying does.
    yaml->setPlainText(
        QString(good).replace(QRegularExpression("groups:\n( *)- llm\n"), "groups:\n\\1- llm\n\\1- reviewers\n"));
    ASSERT_TRUE(click(page, "Review and apply…"));
    QDialog* review = dialog("Apply these changes to a?");
    ASSERT_NE(review, nullptr);
    EXPECT_TRUE(code(review, "Changes")->toPlainText().contains("reviewers"));
    click(review, "Keep editing");
    ASSERT_TRUE(noDialog());
    EXPECT_FALSE(has(model("a"), "reviewers"));
    ASSERT_TRUE(click(page, "Review and apply…"));
    review = dialog("Apply these changes to a?");
    ASSERT_NE(review, nullptr);
    click(review, "Apply");
    EXPECT_TRUE(says(page, "Applied"));
    EXPECT_TRUE(has(model("a"), "reviewers"));
    EXPECT_TRUE(yaml->toPlainText().contains("reviewers"));
}

TEST_F(ConsoleFlows, ConflictIsSaidAndNothingIsOverwritten) {
    pages::Page* page = go("models");
    widgets::CodeView* yaml = openYaml(page, "a");
    ASSERT_TRUE(waitFor([&] { return yaml->toPlainText().contains("- llm\n"); }));
    yaml->setPlainText(yaml->toPlainText().replace("- llm\n", "- mine\n"));
    auto theirs = model("a");
    ASSERT_TRUE(theirs);
    json::objectAt(json::objectAt(theirs->content(), "spec"), "access")["groups"] = json::Array{"theirs"};
    ASSERT_TRUE(m_client->update(*theirs, false, {}));
    EXPECT_TRUE(says(page, "Somebody else changed this model"));
    ASSERT_TRUE(click(page, "Review and apply…"));
    EXPECT_TRUE(says(page, "in the meantime"));
    EXPECT_EQ(QApplication::activeModalWidget(), nullptr);
    EXPECT_TRUE(has(model("a"), "theirs"));
    EXPECT_TRUE(yaml->toPlainText().contains("- mine")) << "the edit is lost";
    ASSERT_TRUE(click(page, "Discard changes"));
    EXPECT_TRUE(yaml->toPlainText().contains("- theirs"));
}

TEST_F(ConsoleFlows, ModelIsMadeFromTheTemplateAndDeleted) {
    pages::Page* page = go("models");
    ASSERT_TRUE(click(page, "New model"));
    QDialog* form = dialog("New model");
    ASSERT_NE(form, nullptr);
    widgets::CodeView* yaml = code(form, "YAML of the model");
    yaml->setPlainText(yaml->toPlainText()
                           .replace("http://127.0.0.1:8001", QString::fromStdString(m_host->upstream("org/b")))
                           .replace("org/my-model", "org/c"));
    ASSERT_TRUE(click(form, "Check"));
    EXPECT_TRUE(says(form, "would accept"));
    EXPECT_FALSE(model("my-model"));
    ASSERT_TRUE(click(form, "Create"));
    ASSERT_TRUE(noDialog());
    EXPECT_TRUE(model("my-model"));
    auto* models = table(page, "Models");
    EXPECT_TRUE(waitFor([&] { return models->currentId() == "LLMModel/default/my-model"; })) << "not selected";

    ASSERT_TRUE(click(page, "Delete…"));
    QDialog* confirm = dialog("Delete my-model?");
    ASSERT_NE(confirm, nullptr);
    EXPECT_FALSE(button(confirm, "Delete model")->isEnabled()) << "deleted without a word";
    click(confirm, "Cancel");
    ASSERT_TRUE(noDialog());
    EXPECT_TRUE(model("my-model"));
    ASSERT_TRUE(click(page, "Delete…"));
    confirm = dialog("Delete my-model?");
    ASSERT_NE(confirm, nullptr);
    type(field(confirm, "Type my-model to confirm"), "my-model");
    ASSERT_TRUE(click(confirm, "Delete model"));
    EXPECT_TRUE(waitFor([&] { return rowWith(models, "my-model") < 0; }, seconds(30)));
    EXPECT_FALSE(model("my-model"));
    EXPECT_GE(rowWith(models, "a"), 0);
}

TEST_F(ConsoleFlows, KeyIsMintedShownOnceRotatedAndRevoked) {
    pages::Page* page = go("keys");
    auto* keys = table(page, "Keys");
    ASSERT_TRUE(click(page, "New key"));
    QDialog* form = dialog("New key");
    ASSERT_NE(form, nullptr);
    auto* choice = form->findChild<QComboBox*>();
    choice->setCurrentIndex(choice->findData("a"));
    ASSERT_TRUE(click(form, "Make key")); // without an owner
    EXPECT_TRUE(form->isVisible());
    type(field(form, "Owner"), "alice");
    ASSERT_TRUE(click(form, "Make key"));
    ASSERT_TRUE(waitFor([&] { return QApplication::activeModalWidget() != form; }, seconds(30)));
    const std::string first = takeKey("New key");
    ASSERT_TRUE(first.starts_with("sk-"));
    EXPECT_EQ(m_host->ask(first, "org/a"), 200);
    EXPECT_EQ(m_host->ask(first, "org/b"), 403);
    ASSERT_TRUE(clickRow(keys, "alice"));
    QTest::keyClick(keys->view(), Qt::Key_Return);
    EXPECT_TRUE(noDialog()) << "a key can be looked at again";

    ASSERT_TRUE(click(page, "Rotate…"));
    QDialog* rotate = dialog("Rotate this key?");
    ASSERT_NE(rotate, nullptr);
    ASSERT_TRUE(click(rotate, "Rotate key"));
    const std::string second = takeKey("Rotated key");
    ASSERT_TRUE(second.starts_with("sk-"));
    EXPECT_NE(first, second);
    EXPECT_EQ(m_host->ask(second, "org/a"), 200);
    EXPECT_EQ(m_host->ask(first, "org/a"), 200) << "grace";

    const auto revoke = [&](const QString& state) {
        ASSERT_TRUE(clickRow(keys, state));
        const int before = keys->view()->model()->rowCount();
        ASSERT_TRUE(click(page, "Revoke…"));
        QDialog* confirm = dialog("Revoke this key?");
        ASSERT_NE(confirm, nullptr);
        ASSERT_TRUE(click(confirm, "Revoke key"));
        EXPECT_TRUE(waitFor([&] { return keys->view()->model()->rowCount() < before; }, seconds(30)));
    };
    ASSERT_NO_FATAL_FAILURE(revoke("Retiring"));
    EXPECT_EQ(m_host->ask(first, "org/a"), 401);
    EXPECT_EQ(m_host->ask(second, "org/a"), 200);
    ASSERT_NO_FATAL_FAILURE(revoke("Active"));
    EXPECT_EQ(m_host->ask(second, "org/a"), 401);
    EXPECT_FALSE(QApplication::clipboard()->text().contains("sk-"));
}

TEST_F(ConsoleFlows, ProbeIsCancelledRunToItsEndAndRead) {
    pages::Page* page = go("endpoints");
    ASSERT_TRUE(click(page, "Probe all"));
    auto* bar = page->findChild<QProgressBar*>();
    EXPECT_TRUE(waitFor([&] { return bar->isVisible() && bar->maximum() > 0; }, seconds(60)));
    EXPECT_FALSE(button(page, "Probe all")->isEnabled());
    ASSERT_TRUE(click(page, "Cancel"));
    const auto newest = [&] {
        std::pair<std::string, std::string> found;
        for (const auto& [name, run] : m_session->probeRuns().objects()) {
            found = std::max(found, {run->text("metadata.creationTimestamp"), run->text("status.phase")});
        }
        return found.second;
    };
    EXPECT_TRUE(waitFor([&] { return newest() == "Cancelled"; }, seconds(30))) << newest();
    EXPECT_TRUE(waitFor([&] { return !bar->isVisible(); }));

    QTest::qWait(1100); // runs are told apart by the second they were made in
    ASSERT_TRUE(click(page, "Probe all"));
    ASSERT_TRUE(
        waitFor([&] { return m_session->probeRuns().objects().size() == 2 && newest() == "Completed"; }, seconds(180)))
        << newest();
    EXPECT_TRUE(waitFor([&] { return !bar->isVisible() && button(page, "Probe all")->isEnabled(); }));
    auto* endpoints = table(page, "Endpoints");
    EXPECT_TRUE(waitFor([&] { return rowWith(endpoints, "Denies") >= 0; }));

    page->findChild<QTabWidget*>()->setCurrentIndex(1);
    QTableView* grid = nullptr;
    for (auto* one : page->findChildren<QTableView*>()) {
        grid = one->accessibleName() == "Verdicts by endpoint and check" ? one : grid;
    }
    ASSERT_NE(grid, nullptr);
    ASSERT_GE(grid->model()->rowCount(), 2);
    for (int row = 0; row < grid->model()->rowCount(); ++row) {
        for (int column = 2; column < grid->model()->columnCount(); ++column) {
            EXPECT_FALSE(grid->model()->index(row, column).data().toString().startsWith("Reached"));
        }
    }
    const QModelIndex cell = grid->model()->index(0, 2);
    EXPECT_FALSE(cell.data(Qt::ToolTipRole).toString().isEmpty());
    QTest::mouseClick(grid->viewport(), Qt::LeftButton, {}, grid->visualRect(cell).center());
    auto* checks = table(page, "Checks");
    ASSERT_TRUE(waitFor([&] { return checks->view()->model()->rowCount() > 0; }));
    ASSERT_TRUE(clickRow(checks, "Denied"));
    auto* transcript = code(page, "Transcript: what was sent and received");
    EXPECT_TRUE(waitFor([&] { return transcript->toPlainText().contains("401"); }))
        << transcript->toPlainText().toStdString();
    EXPECT_FALSE(transcript->toPlainText().contains("Bearer sk-"));

    // The cancelled run again: another report, and transcripts of that run.
    QComboBox* runs = nullptr;
    for (auto* one : page->findChildren<QComboBox*>()) {
        runs = one->accessibleName() == "Probe run" ? one : runs;
    }
    ASSERT_EQ(runs->count(), 2);
    EXPECT_TRUE(runs->itemText(1).contains("Cancelled"));
}

TEST_F(ConsoleFlows, PackIsMadeVerifiedAndOpenedFromAFile) {
    pages::Page* page = go("evidence");
    ASSERT_TRUE(click(page, "Make a pack"));
    QDialog* form = dialog("Make a pack");
    ASSERT_NE(form, nullptr);
    type(field(form, "Reason"), "flow test");
    ASSERT_TRUE(click(form, "Make a pack"));
    auto* bar = page->findChild<QProgressBar*>();
    EXPECT_TRUE(waitFor([&] { return bar->isVisible(); }, seconds(30)));
    const auto state = [&] {
        const auto& packs = m_session->packs().objects();
        return packs.empty() ? std::string() : packs.begin()->second->text("status.phase");
    };
    ASSERT_TRUE(waitFor([&] { return state() == "Completed" || state() == "Failed"; }, seconds(180)));
    ASSERT_EQ(state(), "Completed");
    EXPECT_TRUE(waitFor([&] { return !bar->isVisible(); }));
    const Object pack = *m_session->packs().objects().begin()->second;
    ASSERT_TRUE(clickRow(table(page, "Evidence packs"), QString::fromStdString(pack.name())));
    ASSERT_TRUE(click(page, "Verify now"));
    EXPECT_TRUE(says(page, "signed"));

    page->findChild<QTabWidget*>()->setCurrentIndex(1);
    auto* list = page->findChild<QListWidget*>();
    EXPECT_TRUE(waitFor([&] { return !list->findItems("manifest.json", Qt::MatchExactly).isEmpty(); }));

    // The folder on disk, as somebody would open it who was sent it; then a copy with one byte changed.
    const QString folder = QString::fromStdString(pack.text("status.path"));
    const auto openFile = [&](const QString& file) {
        // The file dialog turns an event loop of its own: it is answered from within.
        QTimer answer;
        QObject::connect(&answer, &QTimer::timeout, &answer, [&answer, file] {
            if (auto* files = qobject_cast<QFileDialog*>(QApplication::activeModalWidget())) {
                answer.stop();
                files->findChild<QLineEdit*>("fileNameEdit")->setText(file);
                QMetaObject::invokeMethod(files, "accept");
                if (files->isVisible()) {
                    ADD_FAILURE() << "the file dialog did not take " << file.toStdString();
                    files->reject();
                }
            }
        });
        answer.start(50);
        ASSERT_TRUE(click(page, "Open pack file…"));
    };
    ASSERT_NO_FATAL_FAILURE(openFile(folder + "/manifest.json"));
    QDialog* opened = dialog("Evidence pack");
    ASSERT_NE(opened, nullptr);
    EXPECT_TRUE(says(opened, "signed"));
    click(opened, "Close");
    ASSERT_TRUE(noDialog());

    test::TemporaryFolder copies;
    const auto copy = copies / "pack";
    std::filesystem::copy(pack.text("status.path"), copy, std::filesystem::copy_options::recursive);
    {
        QFile readme(QString::fromStdString((copy / "README.md").string()));
        readme.setPermissions(QFile::ReadOwner | QFile::WriteOwner);
        ASSERT_TRUE(readme.open(QIODevice::Append));
        readme.write("x");
    }
    ASSERT_NO_FATAL_FAILURE(openFile(QString::fromStdString((copy / "manifest.json").string())));
    opened = dialog("Evidence pack");
    ASSERT_NE(opened, nullptr);
    EXPECT_TRUE(says(opened, "README.md"));
    click(opened, "Close");
    EXPECT_TRUE(noDialog());
}

TEST_F(ConsoleFlows, AgentGoesAndComesBack) {
    pages::Page* page = go("models");
    auto* models = table(page, "Models");
    ASSERT_TRUE(waitFor([&] { return models->view()->model()->rowCount() == 2; }));
    EXPECT_EQ(bannerOf(m_window.get()), QString());

    // A tile of the overview leads to its page.
    for (auto* card : go("overview")->findChildren<widgets::Card*>()) {
        if (card->accessibleName() == "Models" && card->cursor().shape() == Qt::PointingHandCursor) {
            QTest::mouseClick(card, Qt::LeftButton);
        }
    }
    EXPECT_TRUE(m_window->windowTitle().startsWith("Models")) << m_window->windowTitle().toStdString();

    m_host->killAgent();
    EXPECT_TRUE(says(m_window.get(), "does not answer"));
    EXPECT_EQ(models->view()->model()->rowCount(), 2);
    EXPECT_TRUE(models->view()->isVisible());

    ASSERT_TRUE(m_host->start());
    EXPECT_TRUE(waitFor([&] { return bannerOf(m_window.get()).isEmpty(); }, seconds(60)))
        << bannerOf(m_window.get()).toStdString();
    EXPECT_EQ(models->view()->model()->rowCount(), 2);
    ASSERT_TRUE(m_client->create(Object(m_host->model("late", "org/late")), false, {}));
    EXPECT_TRUE(waitFor([&] { return rowWith(models, "late") >= 0; })) << "connected, but not live";
}

} // namespace
} // namespace gatehouse
