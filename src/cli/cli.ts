#!/usr/bin/env node
/** The entry of the `crossdock` command. */
import module from 'node:module'
import { main } from './main.ts'

// Node 22.8 and later keep what they compiled for the next start; commands are loaded after this.
const { enableCompileCache } = module as { enableCompileCache?: () => unknown }
enableCompileCache?.()

/** What a shell says of a program that ended by SIGPIPE. */
const ENDED_BY_SIGPIPE = 141

// A reader that has seen enough (`| head`) closes the pipe. That is no bug, and no success that a gate may go by.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(ENDED_BY_SIGPIPE)
  throw error
})

process.exitCode = await main(process.argv.slice(2))
