#!/usr/bin/env node
/** The entry of the `crossdock` command. */
import { keepCompiled } from './keep-compiled.ts'

/** What a shell says of a program that ended by SIGPIPE. */
const ENDED_BY_SIGPIPE = 141

// A reader that has seen enough (`| head`) closes the pipe. That is no bug, and no success that a gate may go by.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(ENDED_BY_SIGPIPE)
  throw error
})

const words = process.argv.slice(2)
keepCompiled(import.meta.dirname, words.find((word) => /^[a-z]+$/.test(word)) ?? 'crossdock')
// Loaded after that, so that it is compiled by it. A CommonJS module, as the bundle is one, cannot wait at its top.
import('./main.ts').then(async ({ main }) => {
  process.exitCode = await main(words)
})
