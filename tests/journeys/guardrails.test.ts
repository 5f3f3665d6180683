/** The hello example under the organization's policies: the run fails in the very action, and says which policy did it. */
import {
  AttachPolicyCommand,
  CreateOrganizationalUnitCommand,
  CreatePolicyCommand,
  EnablePolicyTypeCommand,
  ListRootsCommand,
  MoveAccountCommand,
  OrganizationsClient,
  type PolicyType,
} from '@aws-sdk/client-organizations'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Cloud, CloudOptions } from '../../src/cloud/index.ts'
import { type Example, failureOf, openExample, type Shipment, ship } from './ship.ts'

const HUB = '111111111111'
const TEST = '333333333333'
const ORGANIZER = '999999999999'

let example: Example
beforeAll(async () => {
  example = await openExample('hello', 'hello', 'example/hello')
})
afterAll(() => example?.remove())

type Guard = (client: OrganizationsClient, root: string) => Promise<void>

/** Ships under policies that are there before anything is deployed. */
async function shipUnder(guard: Guard, look: (shipment: Shipment) => void, options: CloudOptions = {}) {
  const prepare = async (cloud: Cloud) => {
    const accessKeyId = cloud.organization!.managementAccount
    const client = new OrganizationsClient({
      endpoint: cloud.endpoint,
      region: 'us-east-1',
      credentials: { accessKeyId, secretAccessKey: cloud.secret },
    })
    const { Roots } = await client.send(new ListRootsCommand({}))
    await guard(client, Roots![0]!.Id!)
    client.destroy()
  }
  const shipment = await ship(example, example.assembly, { prepare, ...options })
  try {
    look(shipment)
  } finally {
    await shipment.end()
  }
}

async function attach(client: OrganizationsClient, Type: PolicyType, TargetId: string, statement: object) {
  const Content = JSON.stringify({ Version: '2012-10-17', Statement: [statement] })
  const { Policy } = await client.send(
    new CreatePolicyCommand({ Name: `guard ${TargetId}`, Description: '', Type, Content }),
  )
  await client.send(new AttachPolicyCommand({ PolicyId: Policy!.PolicySummary!.Id, TargetId }))
}

const failed = ({ state }: Shipment): string[] =>
  (state?.stages ?? []).flatMap(({ name, actions }) =>
    actions.filter((action) => action.status === 'Failed').map((action) => `${name}/${action.name}`),
  )

/** The stages all of whose actions succeeded. */
const succeeded = ({ state }: Shipment): string[] =>
  (state?.stages ?? [])
    .filter(({ actions }) => actions.every((action) => action.status === 'Succeeded'))
    .map((stage) => stage.name)

describe('the hello example', () => {
  test('stops where a service control policy keeps CloudFormation’s role from making the function', () =>
    shipUnder(
      async (client, root) => {
        const { OrganizationalUnit } = await client.send(
          new CreateOrganizationalUnitCommand({ ParentId: root, Name: 'Frozen' }),
        )
        const unit = OrganizationalUnit!.Id!
        const deny = { Effect: 'Deny', Action: 'lambda:CreateFunction', Resource: '*' }
        await attach(client, 'SERVICE_CONTROL_POLICY', unit, deny)
        await client.send(
          new MoveAccountCommand({ AccountId: TEST, SourceParentId: root, DestinationParentId: unit }),
        )
      },
      (shipment) => {
        expect(shipment.deploymentFailure).toBeUndefined()
        expect(shipment.state?.status).toBe('Failed')
        expect(succeeded(shipment)).toEqual(['Source', 'Build', 'dev'])
        expect(failed(shipment)).not.toEqual([])
        for (const name of failed(shipment)) expect(name).toMatch(/^test\//)
        expect(failureOf(shipment)).toMatch(
          /arn:aws:sts::333333333333:assumed-role\/.* is not authorized to perform: lambda:CreateFunction on resource: .* with an explicit deny in a service control policy: arn:aws:organizations::111111111111:policy\/o-crossdock00\/service_control_policy\/p-\w{8}/,
        )
      },
    ))

  test('stops where the hub may not write in the second region', () =>
    shipUnder(
      (client) =>
        attach(client, 'SERVICE_CONTROL_POLICY', HUB, {
          Effect: 'Deny',
          Action: 's3:PutObject',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:RequestedRegion': 'us-east-1' } },
        }),
      (shipment) => {
        expect(shipment.deploymentFailure).toBeUndefined()
        expect(succeeded(shipment)).toEqual(['Source', 'Build', 'dev'])
        expect(failed(shipment)).toEqual([expect.stringMatching(/^test\/.*eu-west-1/)])
        expect(failureOf(shipment)).toMatch(
          /arn:aws:sts::111111111111:assumed-role\/.* is not authorized to perform: s3:PutObject .* with an explicit deny in a service control policy: arn:aws:organizations::999999999999:policy\//,
        )
      },
      { managementAccount: ORGANIZER },
    ))

  test('stops where a resource control policy of the hub lets no other account read artifacts', () =>
    shipUnder(
      async (client, root) => {
        await client.send(
          new EnablePolicyTypeCommand({ RootId: root, PolicyType: 'RESOURCE_CONTROL_POLICY' }),
        )
        await attach(client, 'RESOURCE_CONTROL_POLICY', HUB, {
          Effect: 'Deny',
          Principal: '*',
          Action: 's3:GetObject*',
          Resource: '*',
          Condition: { StringNotEquals: { 'aws:PrincipalAccount': HUB } },
        })
      },
      (shipment) => {
        expect(succeeded(shipment)).toEqual(['Source', 'Build'])
        expect(failed(shipment)).toEqual([expect.stringMatching(/^dev\//)])
        expect(failureOf(shipment)).toMatch(
          /arn:aws:sts::222222222222:assumed-role\/.* s3:GetObject\w* .* with an explicit deny in a resource control policy: /,
        )
      },
      { managementAccount: ORGANIZER },
    ))

  test('travels on where the organization allows everything that it does', () =>
    shipUnder(
      (client, root) =>
        attach(client, 'SERVICE_CONTROL_POLICY', root, {
          Effect: 'Deny',
          Action: ['organizations:LeaveOrganization', 'iam:CreateUser'],
          Resource: '*',
        }),
      (shipment) => expect(shipment.state?.status).toBe('Succeeded'),
      { managementAccount: ORGANIZER },
    ))
})
