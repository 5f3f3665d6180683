/** Templates are compared whole; UPDATE_GOLDEN=1 writes them anew. */
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { graph } from '../src/cli/commands/graph.ts'
import { runCommand } from './run-command.ts'
import { FLEETS, GOLDEN, templatesOf } from './synth-fleets.ts'

const update = process.env.UPDATE_GOLDEN === '1'

describe.each(Object.entries(FLEETS))('the fleet %s', (name, file) => {
  const folder = join(GOLDEN, name)

  test('is synthesized to the templates that stand here', async () => {
    const templates = await templatesOf(file)
    if (update) write(folder, templates)
    const found = readdirSync(folder).filter((one) => one.endsWith('.json'))
    expect([...templates.keys()].sort()).toEqual(found.sort())
    for (const [one, text] of templates) expect(text, one).toBe(readFileSync(join(folder, one), 'utf8'))
  })

  test('is synthesized to the same text every time', async () => {
    expect(await templatesOf(file)).toEqual(await templatesOf(file))
  })
})

test('the picture in the README is that of examples/hello', async () => {
  const picture = join(import.meta.dirname, '..', 'docs', 'hello.svg')
  const { status, text } = await runCommand(graph, { fleet: FLEETS.hello, format: 'svg' })
  if (update) writeFileSync(picture, `${text}\n`)
  expect(status).toBe(0)
  expect(`${text}\n`).toBe(readFileSync(picture, 'utf8'))
})

function write(folder: string, templates: ReadonlyMap<string, string>): void {
  mkdirSync(folder, { recursive: true })
  for (const one of readdirSync(folder)) if (one.endsWith('.json')) rmSync(join(folder, one))
  for (const [one, text] of templates) writeFileSync(join(folder, one), text)
}
