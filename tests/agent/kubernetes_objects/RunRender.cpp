#include "tests/agent/kubernetes_objects/RunRender.h"

#include <QProcess>
#include <QProcessEnvironment>

namespace gatehouse::test {

Rendered runRender(const std::vector<std::string>& arguments) {
    QStringList list{QStringLiteral("render")};
    for (const std::string& argument : arguments) {
        list << QString::fromStdString(argument);
    }
    QProcess process;
    QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
    for (const QString& name : environment.keys()) {
        if (name.startsWith(QStringLiteral("LLM_")) || name == QStringLiteral("POD_NAMESPACE")) {
            environment.remove(name);
        }
    }
    process.setProcessEnvironment(environment);
    process.start(QStringLiteral(GATEHOUSE_BINARY_DIR "/bin/gatehouse-agent"), list);
    Rendered rendered;
    if (!process.waitForFinished(60'000)) {
        process.kill();
        process.waitForFinished();
        rendered.errors = "it did not end: " + process.errorString().toStdString();
        return rendered;
    }
    rendered.exitCode = process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1;
    rendered.output = process.readAllStandardOutput().toStdString();
    rendered.errors = process.readAllStandardError().toStdString();
    return rendered;
}

} // namespace gatehouse::test
