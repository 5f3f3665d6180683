import { expect, it } from 'vitest'
import type { PolicyStatement } from '../model/index.ts'
import { policy, policyParts } from './policy-parts.ts'

const statements = (count: number): PolicyStatement[] =>
  Array.from({ length: count }, (_, index) => ({
    Sid: `Manage${index}`,
    Effect: 'Allow',
    Action: ['sqs:CreateQueue', 'sqs:DeleteQueue', 'sqs:GetQueueAttributes'],
    Resource: `arn:aws:sqs:eu-west-1:222222222222:${'x'.repeat(60)}-${index}`,
  }))

it('few statements stand in one inline policy', () => {
  expect(policyParts(statements(3))).toEqual({ inline: statements(3), managed: [] })
  expect(policyParts([])).toEqual({ inline: [], managed: [] })
})

it('many stand in as many policies as they take, each once and in their order', () => {
  const { inline, managed } = policyParts(statements(120))
  const sizes = [inline, ...managed].map((part) => JSON.stringify(policy(part)).length)
  expect([inline, ...managed].flat()).toEqual(statements(120))
  expect(sizes[0]).toBeGreaterThan(7_500)
  expect(sizes[0]).toBeLessThanOrEqual(10_240 * 0.8)
  expect(managed.length).toBeGreaterThan(2)
  for (const size of sizes.slice(1)) expect(size).toBeLessThanOrEqual(6_144 * 0.8)
})

it('a statement that is larger than a policy stands alone, for `check` to report', () => {
  const large: PolicyStatement = { Effect: 'Allow', Action: '*', Resource: 'x'.repeat(7_000) }
  const { managed } = policyParts([...statements(40), large, ...statements(1)])
  expect(managed.at(-2)).toEqual([large])
})

it('a statement with more resources than a policy takes becomes several, with each resource once', () => {
  const Resource = Array.from(
    { length: 200 },
    (_, index) => `arn:aws:iam::${600_000_000_000 + index}:role/delivery`,
  )
  const { inline, managed } = policyParts([
    { Sid: 'Assume', Effect: 'Allow', Action: 'sts:AssumeRole', Resource },
  ])
  const all = [inline, ...managed].flat()
  expect(all.flatMap((one) => one.Resource)).toEqual(Resource)
  expect(all.map(({ Sid }) => Sid)).toEqual(all.map((_, index) => `Assume${index + 1}`))
  for (const part of managed) expect(JSON.stringify(policy(part)).length).toBeLessThanOrEqual(6_144 * 0.8)
})

it('a statement that the inline policy has room for stays one, though no managed policy would hold it', () => {
  const Resource = Array.from(
    { length: 150 },
    (_, index) => `arn:aws:iam::${600_000_000_000 + index}:role/delivery`,
  )
  const assume: PolicyStatement = { Effect: 'Allow', Action: 'sts:AssumeRole', Resource }
  expect(policyParts([assume])).toEqual({ inline: [assume], managed: [] })
})
