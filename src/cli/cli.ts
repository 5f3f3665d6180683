#!/usr/bin/env node
/** The entry of the `crossdock` command. */
import { setFlagsFromString } from 'node:v8'
import { keepCompiled } from './keep-compiled.ts'

/** What a shell says of a program that ended by SIGPIPE. */
const ENDED_BY_SIGPIPE = 141
/** Commands that run for as long as they are wanted. */
const LASTING: ReadonlySet<string> = new Set(['cloud', 'demo'])

// A reader that has seen enough (`| head`) closes the pipe. That is no bug, and no success that a gate may go by.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(ENDED_BY_SIGPIPE)
  throw error
})

const words = process.argv.slice(2)
const command = words.find((word) => /^[a-z]+$/.test(word)) ?? 'crossdock'
// V8 begins with a megabyte for young objects and doubles it with each collection. A command that ends soon needs far
// more than that at once: it collects half as often when the first step leads to the most. A cloud stays small instead.
if (!LASTING.has(command)) setFlagsFromString('--semi-space-growth-factor=16')
keepCompiled(import.meta.dirname, command)
// Loaded after that, so that it is compiled by it. A CommonJS module, as the bundle is one, cannot wait at its top.
import('./main.ts').then(async ({ main }) => {
  process.exitCode = await main(words)
})
