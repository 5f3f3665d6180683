/**
 * Nothing is granted in vain: without any one Allow statement of its synthesized policies, examples/hello does not get
 * through, and is told which role may not do what on which resource. What is marked optional is done without.
 */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { denialsOf } from '../../src/operate/index.ts'
import { allowStatements, type Statement, without } from './drop-statement.ts'
import { type Example, failureOf, openExample, ship } from './ship.ts'

let example: Example

beforeAll(async () => {
  example = await openExample('hello', 'hello', 'example/hello')
})
afterAll(() => example?.remove())

/** Runs beside each other; more would only wait for the machine's two cores. */
const LANES = 4

/**
 * What a person is told without asking further: the failed action's message, and the denial that `status` and `logs` show
 * below it. Some services hide the reason, as on AWS: "role … is invalid or cannot be assumed".
 */
async function outcome(statement: Statement): Promise<string> {
  const shipment = await ship(example, without(example.assembly, statement))
  try {
    if (shipment.state?.status === 'Succeeded') return 'succeeded'
    const failed =
      shipment.state?.stages.flatMap((stage) => stage.actions).filter((action) => action.error) ?? []
    const { of: denials } = await denialsOf(shipment.cloud.endpoint, failed)
    return [
      failureOf(shipment),
      ...[...denials.values()]
        .flat()
        .map((one) => `${one.principal} may not ${one.action} on ${one.resource}: ${one.message}`),
    ].join('\n')
  } finally {
    await shipment.end()
  }
}

/** AWS refuses a key policy that locks its own account out before anybody is denied anything. */
const LOCKOUT = /new key policy will not allow you to update the key policy/

/** Role, action and resource: in the service's own sentence, or in the denial that is shown below it. */
const NAMED = /(is not authorized to perform:? [\w:-]+ on|may not [\w:-]+ on) ((resource|role):? )?"?arn:aws/

test('each Allow statement is needed, and its loss is named', { timeout: 600_000 }, async () => {
  const statements = allowStatements(example.assembly)
  expect(statements.filter(({ optional }) => !optional).length).toBeGreaterThan(30)
  const queue = [...statements]
  const wrong: string[] = []
  const lane = async () => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      const told = await outcome(next)
      if (next.optional) {
        if (told !== 'succeeded') wrong.push(`${next.name} is optional: ${told}`)
        continue
      }
      const named = NAMED.test(told)
      if (!named && !LOCKOUT.test(told)) wrong.push(`${next.name}: ${told}`)
    }
  }
  await Promise.all(Array.from({ length: LANES }, lane))
  expect(wrong).toEqual([])
})
