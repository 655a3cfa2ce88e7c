/** A thread whose capture never comes to an end, as a pattern gone wrong would have it. */
for (;;);
