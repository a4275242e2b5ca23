//go:build tools

// Package toxiproxy pins the program that comes between a pipeline and what it talks to.
package toxiproxy

import _ "github.com/Shopify/toxiproxy/v2/cmd/server"
