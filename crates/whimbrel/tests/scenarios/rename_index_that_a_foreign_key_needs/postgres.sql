ALTER INDEX "orders_user_ix" RENAME TO "orders_by_user";
