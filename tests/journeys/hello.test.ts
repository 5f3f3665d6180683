/** examples/hello, from its fleet file to the functions' answers, with IAM enforced. */
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Example, openExample, type Shipment, ship } from './ship.ts'

let example: Example
let shipment: Shipment

beforeAll(async () => {
  example = await openExample('hello', 'hello', 'example/hello')
  shipment = await ship(example)
})

afterAll(async () => {
  await shipment?.end()
  await example?.remove()
})

describe('the hello example', () => {
  test('travels through every stage', () => {
    expect(shipment.deploymentFailure).toBeUndefined()
    expect(shipment.state?.status).toBe('Succeeded')
    expect(shipment.state?.stages.map((stage) => stage.name)).toEqual([
      'Source',
      'Build',
      'dev',
      'test',
      'prod',
    ])
    for (const stage of shipment.state?.stages ?? [])
      for (const action of stage.actions)
        expect(`${action.name} ${action.status}`).toBe(`${action.name} Succeeded`)
  })

  test('answers in every account and region, with the commit', async () => {
    const commit = shipment.state?.revision?.id
    expect(commit).toMatch(/^[0-9a-f]{40}$/)
    for (const { name, accounts, regions } of example.fleet.environments)
      for (const region of regions) {
        const { account } = accounts[0]!
        const lambda = await shipment.accounts.client(LambdaClient, { account, region })
        const { Payload, FunctionError } = await lambda.send(
          new InvokeCommand({ FunctionName: 'hello', Payload: Buffer.from('{"name":"Ada"}') }),
        )
        expect(FunctionError).toBeUndefined()
        expect(JSON.parse(Buffer.from(Payload ?? []).toString())).toEqual({
          message: 'Hello, Ada!',
          stage: name,
          region,
          commit,
        })
      }
  })

  test('was denied nothing', () => {
    const denied = shipment.trail.filter((entry) => entry.decision.effect !== 'allowed')
    expect(denied.map((entry) => entry.decision.message)).toEqual([])
  })
})
