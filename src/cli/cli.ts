#!/usr/bin/env node
/** The entry of the `crossdock` command. */
import { main } from './main.ts'

process.exitCode = await main(process.argv.slice(2))
