#!/usr/bin/env node
/** The entry of the `crossdock` command. */
import module from 'node:module'
import { main } from './main.ts'

// Node 22.8 and later keep what they compiled for the next start; commands are loaded after this.
const { enableCompileCache } = module as { enableCompileCache?: () => unknown }
enableCompileCache?.()

// A reader that has seen enough (`| head`) closes the pipe; that is no failure of ours.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0)
  throw error
})

process.exitCode = await main(process.argv.slice(2))
