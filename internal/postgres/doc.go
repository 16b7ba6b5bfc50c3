// Package postgres runs what works with a database against a real Postgres server, in a module of its own, so that nobody else has its drivers.
package postgres
