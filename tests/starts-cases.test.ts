/** What starts pipelines, and what two of them claim: the cases that stand as data under `cases/starts`. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { lint, prove, readLandscape } from '../src/access/index.ts'
import { startRules } from '../src/access/report/lint/index.ts'
import type { Template } from '../src/model/index.ts'
import { apply } from './access-systems.ts'

const read = (name: string): unknown =>
  parse(readFileSync(join(import.meta.dirname, 'cases', 'starts', `${name}.yaml`), 'utf8'), { merge: true })

const cases = z
  .array(
    z.strictObject({
      name: z.string(),
      change: z.array(z.strictObject({ at: z.string(), to: z.unknown().optional() })),
      finds: z.array(z.tuple([z.string(), z.enum(['error', 'warning']), z.string()])),
    }),
  )
  .parse(read('cases'))

const OF_STARTS = new Set(startRules.map(({ id }) => id))

test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, { change, finds }) => {
  const { hub: template } = structuredClone(read('stacks')) as { hub: Template }
  for (const one of change) apply(template, structuredClone(one))
  const target = { account: '111111111111', region: 'us-east-1' }
  const landscape = readLandscape([{ stack: 'hub', target, template, file: 'hub.yaml' }])
  const found = lint({ landscape, proof: prove(landscape), complete: false }).filter(({ rule }) =>
    OF_STARTS.has(rule),
  )
  expect(found.map(({ rule, severity }) => [rule, severity])).toEqual(
    finds.map(([rule, severity]) => [rule, severity]),
  )
  for (const [index, [, , message]] of finds.entries()) expect(found[index]!.message).toContain(message)
})
