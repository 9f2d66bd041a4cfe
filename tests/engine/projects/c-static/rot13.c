/* Turns its first argument by thirteen letters. */
#include <ctype.h>
#include <stdio.h>

int main(int argc, char **argv)
{
    for (const char *at = argc > 1 ? argv[1] : ""; *at; at++) {
        int first = islower((unsigned char)*at) ? 'a' : 'A';
        putchar(isalpha((unsigned char)*at) ? first + (*at - first + 13) % 26 : *at);
    }
    putchar('\n');
    return 0;
}
