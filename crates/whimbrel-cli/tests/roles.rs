//! Roles of a test's own, gone again when it ends.

use std::{
    process,
    sync::atomic::{AtomicU32, Ordering},
};

use whimbrel::connection::Connection;
use whimbrel_test::engines::Throwaway;
use whimbrel_wire::{ConnectOptions, Family, Secret, Target};

/// A role that may do what it was granted in one database.
pub(crate) struct Role {
    target: Target,
    admin: Target,
    name: String,
}

impl Role {
    /// A role that may enter the database and do nothing in it. It is dropped before the
    /// database that it was made for, and takes along what it owns.
    pub(crate) fn new(database: &Throwaway, password: &str) -> Self {
        static NEXT: AtomicU32 = AtomicU32::new(0);
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let name = format!("whimbrel_role_{}_{number}", process::id());
        let admin = database.target().clone();
        let mut target = admin.clone();
        target.user = Some(name.clone());
        target.password = Some(Secret::new(password));
        let role = Self { target, admin, name };
        let literal = password.replace('\'', "''").replace('\\', "\\\\");
        role.remove();
        match role.target.family {
            Family::Postgres => role.run(&[
                &format!("CREATE ROLE {} LOGIN PASSWORD '{literal}'", role.name),
                // Before PostgreSQL 15 everybody may create tables.
                "REVOKE ALL ON SCHEMA public FROM PUBLIC",
                &format!("GRANT USAGE ON SCHEMA public TO {}", role.name),
            ]),
            _ => role.run(&[&format!("CREATE USER {} IDENTIFIED BY '{literal}'", role.account())]),
        }
        role
    }

    /// May read all tables that are there.
    pub(crate) fn may_read(&self) {
        let database = self.target.database.as_deref().unwrap_or_default();
        match self.target.family {
            Family::Postgres => {
                self.run(&[&format!(
                    "GRANT SELECT ON ALL TABLES IN SCHEMA public TO {}",
                    self.name
                )]);
            }
            // MariaDB shows what a foreign key does only to who may see how views are made.
            _ => self
                .run(&[&format!("GRANT SELECT, SHOW VIEW ON {database}.* TO {}", self.account())]),
        }
    }

    /// May do everything in the database.
    pub(crate) fn may_write(&self) {
        let database = self.target.database.as_deref().unwrap_or_default();
        match self.target.family {
            Family::Postgres => {
                self.run(&[&format!("GRANT ALL ON SCHEMA public TO {}", self.name)]);
            }
            _ => self.run(&[&format!("GRANT ALL ON {database}.* TO {}", self.account())]),
        }
    }

    /// The database as this role reaches it.
    pub(crate) fn target(&self) -> &Target {
        &self.target
    }

    /// Its URL, with the password in it.
    pub(crate) fn url(&self) -> String {
        self.target.reveal().reveal().to_owned()
    }

    fn account(&self) -> String {
        format!("'{}'@'%'", self.name)
    }

    fn run(&self, statements: &[&str]) {
        let mut admin = self.admin();
        for statement in statements {
            admin.execute(statement).unwrap_or_else(|error| panic!("{statement}: {error}"));
        }
    }

    fn admin(&self) -> Box<dyn Connection> {
        whimbrel_wire::connect(&self.admin, &ConnectOptions::default())
            .unwrap_or_else(|error| panic!("{}: {error}", self.admin))
    }

    fn remove(&self) {
        let mut admin = self.admin();
        match self.target.family {
            Family::Postgres => {
                // Refused where there is no such role, which is as good.
                let _ = admin.execute(&format!("DROP OWNED BY {} CASCADE", self.name));
                let _ = admin.execute(&format!("DROP ROLE IF EXISTS {}", self.name));
            }
            _ => {
                let _ = admin.execute(&format!("DROP USER IF EXISTS {}", self.account()));
            }
        }
    }
}

impl Drop for Role {
    fn drop(&mut self) {
        self.remove();
    }
}
