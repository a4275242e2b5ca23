//go:build tools

// Package kwok pins the program that stands in for nodes and their pods in the benchmarks.
package kwok

import _ "sigs.k8s.io/kwok/cmd/kwok"
