ALTER INDEX "users_b_ix" RENAME TO "users_c_ix";
ALTER INDEX "users_a_ix" RENAME TO "users_b_ix";
