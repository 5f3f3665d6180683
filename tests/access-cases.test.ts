/** Plain templates in, the right explanation out: the cases that stand as data under `cases/proof`. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { type Edge, groupFailures } from '../src/access/index.ts'
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
  /** Part of the first thing that is advised. */
  first: z.string().optional(),
  /** Part of the advice. */
  advice: z.string().optional(),
  statement: z.record(z.string(), z.unknown()).optional(),
})

const unknown = z.strictObject({
  /** The end of the principal's ARN. */
  who: z.string(),
  actions: z.array(z.string()),
  /** What the decision hangs on. */
  hangs: z.string(),
})

const caseSchema = z.strictObject({
  name: z.string(),
  /** The AWS rule, or the public report, that the case comes from. */
  rule: z.string().min(10),
  system: z.enum(Object.keys(systems) as [keyof typeof systems, ...(keyof typeof systems)[]]),
  change: z.array(changeSchema).default([]),
  denied: z.array(denied).default([]),
  /** What is neither proven nor denied, and not so in the unchanged system; not asked where it is absent. */
  unknown: z.array(unknown).optional(),
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
    if (one.unknown) expect(newIn(proof.edges, one.system)).toEqual(one.unknown)
    for (const [index, wanted] of one.denied.entries()) expectFailure(groups[index]!, wanted)
    // What the embedded cloud runs is told elsewhere.
    const rules = new Set(findings.map(({ rule }) => rule).filter((rule) => rule !== 'refused-locally'))
    expect([...rules].sort()).toEqual([...one.findings].sort())
    for (const text of one.overgrants)
      expect(excesses.map(({ message }) => message).join('\n')).toContain(text)
  })
})

/** What the systems themselves leave open: nobody gives the templates of the stacks that they deploy. */
const opened = new Map<keyof typeof systems, readonly string[]>()

function newIn(edges: readonly Edge[], system: keyof typeof systems): NonNullable<Case['unknown']> {
  const known = opened.get(system) ?? unknownIn(checkStacks(system, []).proof.edges).map(({ hangs }) => hangs)
  opened.set(system, known)
  return unknownIn(edges).filter(({ hangs }) => !known.includes(hangs))
}

function unknownIn(edges: readonly Edge[]): NonNullable<Case['unknown']> {
  const groups = new Map<string, { who: string; actions: Set<string>; hangs: string }>()
  for (const { need, verdict, assumed = '' } of edges) {
    if (verdict !== 'unknown') continue
    const who = need.principal.slice(need.principal.lastIndexOf('/') + 1)
    const key = `${who} ${assumed}`
    const group = groups.get(key) ?? { who, actions: new Set(), hangs: assumed }
    group.actions.add(need.action)
    groups.set(key, group)
  }
  return [...groups.values()].map(({ actions, ...group }) => ({ ...group, actions: [...actions].sort() }))
}

type Group = ReturnType<typeof groupFailures>[number]

const summary = ({ principal, actions }: Group) => ({
  who: principal.slice(principal.lastIndexOf('/') + 1),
  actions,
})

function expectFailure({ failure }: Group, wanted: Case['denied'][number]): void {
  expect(failure.saidNo).toContain(wanted.saidNo)
  if (wanted.because) expect(failure.close.join('\n')).toContain(wanted.because)
  if (wanted.fixIn) expect(failure.remedies.map(({ origin }) => origin?.logicalId)).toContain(wanted.fixIn)
  if (wanted.first) expect(failure.remedies[0]?.advice).toContain(wanted.first)
  if (wanted.advice) expect(failure.remedies.map(({ advice }) => advice).join('\n')).toContain(wanted.advice)
  if (wanted.statement)
    expect(failure.remedies.map(({ statement }) => statement)).toContainEqual(wanted.statement)
}
