// GNU readline is GPL-3: only the cq executable links it, and the trait `Readline` leaves it out.
#include <stdio.h>
#include <readline/history.h>
#include <readline/readline.h>
