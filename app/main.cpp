#include "app/Console.h"
#include "core/process/Harden.h"

int main(int argc, char** argv) {
    gatehouse::process::harden();
    return gatehouse::runConsole(argc, argv);
}
