/**
 * Nothing is granted in vain: without any one Allow statement of its synthesized policies, examples/hello does not get
 * through, and is told which role may not do what on which resource.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { allowStatements, type Statement, without } from './drop-statement.ts'
import { type Example, failureOf, openExample, ship } from './ship.ts'

let example: Example

beforeAll(async () => {
  example = await openExample('hello', 'hello', 'example/hello')
})
afterAll(() => example?.remove())

/** Runs beside each other; more would only wait for the machine's two cores. */
const LANES = 4

async function outcome(statement: Statement): Promise<string> {
  const shipment = await ship(example, without(example.assembly, statement))
  try {
    return shipment.state?.status === 'Succeeded' ? 'succeeded' : failureOf(shipment)
  } finally {
    await shipment.end()
  }
}

test('each Allow statement is needed, and its loss is named', { timeout: 600_000 }, async () => {
  const statements = allowStatements(example.assembly)
  expect(statements.length).toBeGreaterThan(30)
  const queue = [...statements]
  const wrong: string[] = []
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const told = await outcome(next)
      const named = /not authorized to perform/.test(told) && /arn:aws:/.test(told)
      if (!named) wrong.push(`${next.name}: ${told}`)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  expect(wrong).toEqual([])
})
