import { describe, expect, it } from 'vitest'
import { IAM_DEFAULTS } from '../fleet/index.ts'
import { logicalId, Names } from './names.ts'

const hub = { account: '111111111111', region: 'us-east-1' }
const long = 'a-service-with-a-name-that-nobody-would-give-but-may-give-at-all'
const names = new Names({
  name: 'acme-of-the-world-20',
  hub,
  iam: IAM_DEFAULTS,
  keys: {},
  buckets: {},
  pipelines: [],
})
const roleName = (arn: string) => arn.split('/').at(-1)!

describe('a name', () => {
  it('is what its parts say when it fits', () => {
    const short = new Names({ name: 'acme', hub, iam: IAM_DEFAULTS, keys: {}, buckets: {}, pipelines: [] })
    expect(short.bucket('orders', 'eu-west-1')).toBe('crossdock-acme-orders-111111111111-eu-west-1')
    expect(short.roleArn('222222222222', 'orders', 'deploy')).toBe(
      'arn:aws:iam::222222222222:role/crossdock/crossdock-acme-orders-deploy',
    )
    expect(short.pipelineStack('orders', 'access')).toBe('crossdock-acme-orders-access')
    expect(short.keyAlias).toBe('alias/crossdock-acme')
  })

  it.each([
    ['role', names.role(long, 'cloudformation'), 64],
    ['bucket', names.bucket(long, 'ap-southeast-2'), 63],
    ['stack', names.pipelineStack(long, 'access'), 128],
    ['rule', names.rule(long, 'schedule'), 64],
    ['rule of one of several sources', names.rule(long, 'source', long), 64],
    ['role of a project', roleName(names.partRoleArn('222222222222', long, 'test', 'prod')), 64],
    ['role of a project of a long name', roleName(names.partRoleArn('222222222222', long, 'test', long)), 64],
    ['connection', names.connection('Bitbucket'), 32],
  ])('of a %s is never longer than AWS takes', (_kind, name, longest) => {
    expect(name.length).toBeLessThanOrEqual(longest)
    expect(name).toMatch(/^crossdock-acm/)
  })

  it('keeps its ending whole and differs when what was cut off differs', () => {
    expect(names.role(long, 'deploy')).toMatch(/-[0-9a-f]{8}-deploy$/)
    expect(names.role(`${long}s`, 'deploy')).not.toBe(names.role(long, 'deploy'))
    expect(names.role(long, 'deploy')).toBe(names.role(long, 'deploy'))
  })

  it('of a pipeline is what the fleet file says, shortened where AWS takes none so long', () => {
    expect(names.pipeline('acme-orders')).toBe('acme-orders')
    expect(names.pipeline(long.repeat(2))).toMatch(/^a-service.{82}-[0-9a-f]{8}$/)
  })

  it('of a project or topic holds nothing that only a stage name may hold', () => {
    expect(names.project('web', 'test', 'eu@1.0')).toBe('crossdock-acme-of-the-world-20-web-test-eu-1-0')
    expect(names.topic('web', 'eu@1.0')).toMatch(/^[A-Za-z0-9_-]+$/)
  })
})

it('a logical ID is letters and digits', () => {
  expect(logicalId('Key', 'eu-west-1')).toBe('KeyEuWest1')
  expect(logicalId('Test', 'pre.prod')).toBe('TestPreProd')
})
