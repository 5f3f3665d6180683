/** Plain templates in, the right explanation out: the cases that stand as data under `cases/proof`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { groupFailures } from '../src/access/index.ts'
import { changeSchema, checkStacks, systems } from './access-systems.ts'

const ROOT = join(import.meta.dirname, 'cases', 'proof')

const denied = z.strictObject({
  /** The end of the principal's ARN. */
  who: z.string(),
  actions: z.array(z.string()),
  /** Part of the policy, or of the service, that says no. */
  saidNo: z.string(),
  /** Part of what explains it. */
  because: z.string().optional(),
  /** Logical id that the change belongs to. */
  fixIn: z.string().optional(),
  /** Part of the advice. */
  advice: z.string().optional(),
  statement: z.record(z.string(), z.unknown()).optional(),
})

const caseSchema = z.strictObject({
  name: z.string(),
  /** The AWS rule, or the public report, that the case comes from. */
  rule: z.string().min(10),
  system: z.enum(Object.keys(systems) as [keyof typeof systems, ...(keyof typeof systems)[]]),
  change: z.array(changeSchema).default([]),
  denied: z.array(denied).default([]),
  /** Ids of rules whose findings are new against the unchanged system. */
  findings: z.array(z.string()).default([]),
  overgrants: z.array(z.string()).default([]),
})

type Case = z.infer<typeof caseSchema>

const files = readdirSync(ROOT, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.yaml') && !file.startsWith('stacks'))
  .sort()

describe.each(files)('%s', (file) => {
  const cases = z.array(caseSchema).parse(parse(readFileSync(join(ROOT, file), 'utf8')))

  test.each(cases.map((one) => [one.name, one] as const))('%s', (_name, one) => {
    const { proof, findings, excesses } = checkStacks(one.system, one.change)
    const groups = groupFailures(proof.edges)
    expect(groups.map(summary)).toEqual(one.denied.map(({ who, actions }) => ({ who, actions })))
    for (const [index, wanted] of one.denied.entries()) expectFailure(groups[index]!, wanted)
    expect([...new Set(findings.map(({ rule }) => rule))].sort()).toEqual([...one.findings].sort())
    for (const text of one.overgrants)
      expect(excesses.map(({ message }) => message).join('\n')).toContain(text)
  })
})

type Group = ReturnType<typeof groupFailures>[number]

const summary = ({ principal, actions }: Group) => ({
  who: principal.slice(principal.lastIndexOf('/') + 1),
  actions,
})

function expectFailure({ failure }: Group, wanted: Case['denied'][number]): void {
  expect(failure.saidNo).toContain(wanted.saidNo)
  if (wanted.because) expect(failure.close.join('\n')).toContain(wanted.because)
  if (wanted.fixIn) expect(failure.remedies.map(({ origin }) => origin?.logicalId)).toContain(wanted.fixIn)
  if (wanted.advice) expect(failure.remedies.map(({ advice }) => advice).join('\n')).toContain(wanted.advice)
  if (wanted.statement)
    expect(failure.remedies.map(({ statement }) => statement)).toContainEqual(wanted.statement)
}
