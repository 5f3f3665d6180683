/** `crossdock doctor` on live pipelines that Crossdock did not make. */
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  IAMClient,
  PutUserPolicyCommand,
} from '@aws-sdk/client-iam'
import { describe, expect, test } from 'vitest'
import { diagnose, isFailed, type Origin, type Proof, type Reach } from '../../src/access/index.ts'
import { doctor } from '../../src/cli/commands/doctor.ts'
import { readWithApplications } from '../../src/cli/live-applications.ts'
import { runCommand } from '../run-command.ts'
import { ACCOUNTS, changeSets } from './change-sets-system.ts'
import { ecsPolicies } from './ecs-policies-system.ts'
import { type ForeignSystem, type Run, runForeign, withoutStatement } from './foreign-system.ts'

/** What doctor reads and says, with templates named on its command line. */
async function look(
  run: Run,
  { hub, pipeline }: ForeignSystem,
  given: readonly string[] = [],
  reach: Reach = run.accounts,
) {
  const place = { ...hub, name: pipeline }
  const { live, further } = await readWithApplications({ reach, place, further: [] }, given)
  return { ...live, ...diagnose(live.landscape, further, undefined) }
}

const whyOf = ({ edges }: Proof): string[] => edges.map(({ need }) => need.because)

describe.each([
  {
    ...{ system: changeSets, folder: 'change-sets', startedByHand: ['nothing-starts-pipeline'] },
    ships: 'to create ',
  },
  { system: ecsPolicies, folder: 'ecs-policies', startedByHand: [], ships: 'to pull the images of ' },
])('the live pipeline of $folder', ({ system, startedByHand, ships }) => {
  test('is proven as it ran', { timeout: 60_000 }, async () => {
    const run = await runForeign(system)
    try {
      expect(run.state?.status).toBe('Succeeded')
      const { proof, findings, landscape, unread } = await look(run, system)
      expect(proof.edges.length).toBeGreaterThan(20)
      expect(proof.edges.filter(({ verdict }) => verdict !== 'allowed')).toEqual([])
      expect(findings.map(({ rule }) => rule)).toEqual(startedByHand)
      expect(proof.stacks.length > 0).toBe(system === changeSets)
      expect(whyOf(proof).filter((because) => because.startsWith(ships))).not.toEqual([])
      const made = ({ stack }: Origin) => system.deployments.some((one) => one.stack === stack)
      expect([...landscape.roles.values()].filter(({ origin }) => !made(origin))).toEqual([])
      expect(unread).toEqual([])
    } finally {
      await run.end()
    }
  })
})

test('the command proves what the deployed stacks call', { timeout: 60_000 }, async () => {
  const run = await runForeign(changeSets)
  const env = {
    AWS_ENDPOINT_URL: run.cloud.endpoint,
    AWS_ACCESS_KEY_ID: changeSets.hub.account,
    AWS_SECRET_ACCESS_KEY: run.cloud.secret,
  }
  const before = { ...process.env }
  Object.assign(process.env, env)
  try {
    const asked = { pipeline: 'greeter', region: changeSets.hub.region, verbose: true }
    const { status, text } = await runCommand(doctor, asked)
    expect(status, text).toBe(0)
    expect(text).toMatch(/✔ Dev › ExecuteHome {2}3\d permissions/)
    const refused = runCommand(doctor, {
      ...asked,
      application: ['other=examples/foreign/change-sets/app/template.yaml'],
    })
    await expect(refused).rejects.toThrow(
      /no action deploys that stack; there are\n {2}222222222222\/us-east-1\/greeter/,
    )
  } finally {
    for (const name of Object.keys(env)) delete process.env[name]
    Object.assign(process.env, before)
    await run.end()
  }
})

test('what a forgotten stack would have made is missing, live too', { timeout: 60_000 }, async () => {
  const run = await runForeign(ecsPolicies, {
    template: ({ stack }, template) => {
      if (stack !== 'my-thing-build') return template
      const Resources = Object.fromEntries(
        Object.entries(template.Resources).filter(([, { Type }]) => Type !== 'AWS::S3::BucketPolicy'),
      )
      return { ...template, Resources }
    },
  })
  try {
    expect(run.state?.status).toBe('Failed')
    const { proof } = await look(run, ecsPolicies)
    const failed = proof.edges.filter(isFailed)
    expect(failed.length).toBeGreaterThan(0)
    for (const { failure } of failed) expect(failure?.saidNo).toMatch(/^bucket policy of arn:aws:s3:::/)
  } finally {
    await run.end()
  }
})

test('what the stack’s role lacks is named after the deployed template', { timeout: 60_000 }, async () => {
  const run = await runForeign(changeSets, {
    template: ({ template }, body) =>
      template === 'deploy.yaml' ? withoutStatement(body, 'Functions') : body,
  })
  try {
    expect(run.state?.status).toBe('Failed')
    const { proof } = await look(run, changeSets)
    const lacking = proof.edges.filter((edge) => isFailed(edge) && edge.need.principal.includes(ACCOUNTS.Dev))
    expect(lacking.map(({ need }) => need.action)).toContain('lambda:CreateFunction')
    for (const { need, uses } of lacking) {
      expect(need.because).toMatch(/^to (create|read|update|delete|tag) Function in the stack greeter$/)
      expect(uses).toEqual([{ pipeline: 'greeter', stage: 'Dev', action: 'ExecuteHome', further: true }])
    }
  } finally {
    await run.end()
  }
})

/** A reach whose credentials in dev may do everything but read templates. */
async function withoutTemplates({ accounts, cloud }: Run): Promise<Reach> {
  const target = { account: ACCOUNTS.Dev, region: 'us-east-1' }
  const iam = await accounts.client(IAMClient, target)
  const UserName = 'looker'
  await iam.send(new CreateUserCommand({ UserName }))
  const Statement = [
    { Effect: 'Allow', Action: '*', Resource: '*' },
    { Effect: 'Deny', Action: 'cloudformation:GetTemplate', Resource: '*' },
  ]
  const PolicyDocument = JSON.stringify({ Version: '2012-10-17', Statement })
  await iam.send(new PutUserPolicyCommand({ UserName, PolicyName: 'look', PolicyDocument }))
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }))
  const credentials = { accessKeyId: AccessKey!.AccessKeyId!, secretAccessKey: AccessKey!.SecretAccessKey! }
  return {
    verify: (asked) => accounts.verify(asked),
    client: async (clientClass, asked) =>
      asked.account === target.account
        ? new clientClass({ endpoint: cloud.endpoint, region: asked.region, credentials } as never)
        : accounts.client(clientClass, asked),
  }
}

test('a template that may not be read is told, or named on the command line', {
  timeout: 60_000,
}, async () => {
  const run = await runForeign(changeSets)
  try {
    const reach = await withoutTemplates(run)
    const blind = await look(run, changeSets, [], reach)
    expect(
      blind.unread.find(({ what }) => what.startsWith('the template of the stack greeter')),
    ).toMatchObject({
      account: ACCOUNTS.Dev,
      why: expect.stringContaining('cloudformation:GetTemplate'),
    })
    const inDev = ({ stacks }: Proof) => stacks.filter(({ account }) => account === ACCOUNTS.Dev)
    expect(inDev(blind.proof)).toEqual([])
    const told = await look(run, changeSets, changeSets.applications, reach)
    expect(inDev(told.proof)).toHaveLength(1)
    expect(told.proof.edges.filter(isFailed)).toEqual([])
    expect(told.unread.map(({ what }) => what).filter((what) => what.includes('template'))).toEqual([])
    await expect(
      look(run, changeSets, [changeSets.applications[0]!.replace('greeter=', 'greter=')]),
    ).rejects.toThrow('no action deploys that stack; did you mean "greeter"?')
  } finally {
    await run.end()
  }
})
