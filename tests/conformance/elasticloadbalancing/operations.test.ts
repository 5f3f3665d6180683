/** What Elastic Load Balancing takes, tells and refuses, in AWS's words. */
import { describe, expect, it } from 'vitest'
import { DEV, HUB, startTestCloud } from '../cloud.ts'
import { rootCaller } from '../modelled-client.ts'
import { callerOf, forwardTo, makeBalancer, makeGroup, makeListener } from './shop.ts'

const test = await startTestCloud()
const call = callerOf(test)
const refusal = (operation: string, input: object) =>
  call(operation, input).then(
    () => 'taken',
    ({ name, message }: Error) => `${name}: ${message}`,
  )
const fixed = { Type: 'fixed-response', FixedResponseConfig: { StatusCode: '200' } }
const path = (value: string) => [{ Field: 'path-pattern', Values: [value] }]

describe('a load balancer', () => {
  it('is made, told and deleted', async () => {
    const { LoadBalancers } = await call('CreateLoadBalancer', {
      Name: 'shop',
      Subnets: ['subnet-1a', 'subnet-1b'],
      SecurityGroups: ['sg-1'],
      Scheme: 'internal',
      Tags: [{ Key: 'team', Value: 'web' }],
    })
    const arn = LoadBalancers[0].LoadBalancerArn
    expect(arn).toMatch(
      new RegExp(`^arn:aws:elasticloadbalancing:us-east-1:${HUB}:loadbalancer/app/shop/[0-9a-f]{16}$`),
    )
    expect(LoadBalancers[0]).toMatchObject({
      DNSName: expect.stringMatching(/^internal-shop-\d{10}\.us-east-1\.elb\.amazonaws\.com$/),
      CanonicalHostedZoneId: 'Z35SXDOTRQ7X7K',
      State: { Code: 'provisioning' },
      Type: 'application',
      Scheme: 'internal',
      SecurityGroups: ['sg-1'],
      IpAddressType: 'ipv4',
    })
    expect((await call('DescribeLoadBalancers', { Names: ['shop'] })).LoadBalancers[0].State.Code).toBe(
      'active',
    )
    expect((await call('DescribeTags', { ResourceArns: [arn] })).TagDescriptions).toEqual([
      { ResourceArn: arn, Tags: [{ Key: 'team', Value: 'web' }] },
    ])
    await call('SetSecurityGroups', { LoadBalancerArn: arn, SecurityGroups: ['sg-2'] })
    await call('SetSubnets', { LoadBalancerArn: arn, Subnets: ['subnet-1a', 'subnet-1c'] })
    const protection = (Value: string) =>
      call('ModifyLoadBalancerAttributes', {
        LoadBalancerArn: arn,
        Attributes: [{ Key: 'deletion_protection.enabled', Value }],
      })
    await protection('true')
    expect(await refusal('DeleteLoadBalancer', { LoadBalancerArn: arn })).toBe(
      `OperationNotPermitted: Load balancer '${arn}' cannot be deleted because deletion protection is enabled`,
    )
    await protection('false')
    await call('DeleteLoadBalancer', { LoadBalancerArn: arn })
    await call('DeleteLoadBalancer', { LoadBalancerArn: arn })
    expect(await refusal('DescribeLoadBalancers', { LoadBalancerArns: [arn] })).toBe(
      'LoadBalancerNotFound: One or more load balancers not found',
    )
  })

  it('is the same where it is made again, and no other has its name', async () => {
    const arn = await makeBalancer(call, 'twice')
    expect(await makeBalancer(call, 'twice')).toBe(arn)
    expect(await refusal('CreateLoadBalancer', { Name: 'twice', Subnets: ['subnet-1a', 'subnet-1c'] })).toBe(
      "DuplicateLoadBalancerName: A load balancer with the same name 'twice' exists, but with different settings",
    )
  })

  const two = ['subnet-1a', 'subnet-1b']
  it.each([
    [{ Name: '-a', Subnets: two }, "ValidationError: Load balancer name '-a' cannot begin or end with '-'"],
    [
      { Name: 'a_b', Subnets: two },
      "ValidationError: Load balancer name 'a_b' can only contain characters that are alphanumeric characters and hyphens(-)",
    ],
    [
      { Name: 'a'.repeat(33), Subnets: two },
      `ValidationError: Load balancer name '${'a'.repeat(33)}' cannot be longer than '32' characters`,
    ],
    [
      { Name: 'a', Subnets: ['subnet-1'] },
      'ValidationError: At least two subnets in two different Availability Zones must be specified',
    ],
    [
      { Name: 'a', Subnets: two, Type: 'gateway' },
      'UnsupportedParameter: The embedded cloud does not support Gateway Load Balancers. It has application and network load balancers.',
    ],
  ])('%j is refused', async (input, message) => {
    expect(await refusal('CreateLoadBalancer', input)).toBe(message)
  })
})

describe('a target group', () => {
  it('has defaults', async () => {
    const { TargetGroups } = await call('CreateTargetGroup', {
      ...{ Name: 'defaults', Protocol: 'HTTP', Port: 80, VpcId: 'vpc-1', TargetType: 'ip' },
    })
    expect(TargetGroups[0]).toMatchObject({
      HealthCheckProtocol: 'HTTP',
      HealthCheckPort: 'traffic-port',
      HealthCheckPath: '/',
      HealthCheckIntervalSeconds: 30,
      HealthCheckTimeoutSeconds: 5,
      HealthyThresholdCount: 5,
      UnhealthyThresholdCount: 2,
      Matcher: { HttpCode: '200' },
      ProtocolVersion: 'HTTP1',
      LoadBalancerArns: [],
    })
    const { Attributes } = await call('DescribeTargetGroupAttributes', {
      TargetGroupArn: TargetGroups[0].TargetGroupArn,
    })
    expect(Attributes).toContainEqual({ Key: 'deregistration_delay.timeout_seconds', Value: '300' })
  })

  it('cannot be deleted while a rule leads to it, nor have two load balancers', async () => {
    const [one, other] = [await makeBalancer(call, 'one'), await makeBalancer(call, 'other')]
    const group = await makeGroup(call, 'used')
    await makeListener(call, one, forwardTo([group, 1]))
    expect(await refusal('DeleteTargetGroup', { TargetGroupArn: group })).toBe(
      `ResourceInUse: Target group '${group}' is currently in use by a listener or a rule`,
    )
    const again = {
      LoadBalancerArn: other,
      Protocol: 'HTTP',
      Port: 80,
      DefaultActions: [forwardTo([group, 1])],
    }
    expect(await refusal('CreateListener', again)).toBe(
      `TargetGroupAssociationLimit: The following target groups cannot be associated with more than one load balancer: ${group}`,
    )
    expect((await call('DescribeTargetGroups', { LoadBalancerArn: one })).TargetGroups).toHaveLength(1)
    await call('DeleteLoadBalancer', { LoadBalancerArn: one })
    await call('DeleteTargetGroup', { TargetGroupArn: group })
  })

  const address = { Name: 'a', Protocol: 'HTTP', Port: 80, VpcId: 'vpc-1', TargetType: 'ip' }
  it.each([
    [{ ...address, Port: undefined }, 'ValidationError: A port must be specified'],
    [
      { ...address, HealthCheckPath: 'x' },
      "ValidationError: Health check path 'x' must begin with a '/' character",
    ],
    [
      { ...address, Matcher: { HttpCode: '200-600' } },
      "ValidationError: HTTP matcher '200-600' must be a list of codes from 200 to 499, or a range of them",
    ],
    [
      { ...address, HealthCheckIntervalSeconds: 5, HealthCheckTimeoutSeconds: 5 },
      'ValidationError: Health check interval must be greater than the timeout',
    ],
    [
      { ...address, ProtocolVersion: 'GRPC' },
      'UnsupportedParameter: The embedded cloud does not support the protocol version GRPC. Use HTTP1.',
    ],
    [
      { Name: 'a', TargetType: 'lambda', Port: 80 },
      'ValidationError: Protocol, port and VPC ID cannot be specified for target groups with target type lambda',
    ],
  ])('%j is refused', async (input, message) => {
    expect(await refusal('CreateTargetGroup', input)).toBe(message)
  })

  it('takes private addresses', async () => {
    const group = await makeGroup(call, 'addresses')
    const register = (Id: string) => refusal('RegisterTargets', { TargetGroupArn: group, Targets: [{ Id }] })
    expect(await register('10.1.2.3')).toBe('taken')
    expect(await register('8.8.8.8')).toContain("'8.8.8.8' is not within the CIDR of VPC 'vpc-1'")
    expect(await register('127.0.0.1')).toContain("'127.0.0.1' is not within")
    expect(await register('web')).toBe("ValidationError: The IP address 'web' is not a valid IPv4 address")
    const instances = await makeGroup(call, 'instances', { TargetType: 'instance' })
    expect(
      await refusal('RegisterTargets', { TargetGroupArn: instances, Targets: [{ Id: 'i-1' }] }),
    ).toContain('does not support instances as targets (i-1)')
  })
})

describe('a listener', async () => {
  const balancer = await makeBalancer(call, 'listeners')
  const create = (more: object) =>
    refusal('CreateListener', {
      ...{ LoadBalancerArn: balancer, Protocol: 'HTTP', Port: 80, DefaultActions: [fixed] },
      ...more,
    })

  it('has a port of its own', async () => {
    const { arn } = await makeListener(call, balancer, fixed)
    expect((await makeListener(call, balancer, fixed)).arn).toBe(arn)
    expect(await create({ Protocol: 'HTTPS', Certificates: [{ CertificateArn: certificate('1') }] })).toBe(
      `DuplicateListener: A listener already exists on this port for this load balancer '${balancer}'`,
    )
    const { Listeners } = await call('DescribeListeners', { LoadBalancerArn: balancer })
    expect(Listeners).toMatchObject([{ ListenerArn: arn, Port: 80, Protocol: 'HTTP' }])
  })

  const certificate = (id: string) => `arn:aws:acm:us-east-1:${HUB}:certificate/${id}`
  it('has certificates where it speaks TLS', async () => {
    const { arn } = await makeListener(call, balancer, fixed, {
      ...{ Protocol: 'HTTPS', Port: 443, Certificates: [{ CertificateArn: certificate('own') }] },
    })
    await call('AddListenerCertificates', {
      ListenerArn: arn,
      Certificates: [{ CertificateArn: certificate('more') }],
    })
    expect((await call('DescribeListenerCertificates', { ListenerArn: arn })).Certificates).toEqual([
      { CertificateArn: certificate('own'), IsDefault: true },
      { CertificateArn: certificate('more'), IsDefault: false },
    ])
    const remove = (id: string) =>
      refusal('RemoveListenerCertificates', {
        ListenerArn: arn,
        Certificates: [{ CertificateArn: certificate(id) }],
      })
    expect(await remove('own')).toBe('OperationNotPermitted: Default certificate cannot be removed')
    expect(await remove('more')).toBe('taken')
  })

  it.each([
    [{ Port: 90, Protocol: 'TCP' }, "ValidationError: Listener protocol 'TCP' must be one of 'HTTP, HTTPS'"],
    [{ Port: 90, Protocol: 'HTTPS' }, 'ValidationError: A certificate must be specified for HTTPS listeners'],
    [
      {
        Port: 90,
        DefaultActions: [
          { Type: 'authenticate-oidc', Order: 1 },
          { ...fixed, Order: 2 },
        ],
      },
      'UnsupportedParameter: The embedded cloud does not support the action authenticate-oidc. Have the service behind the load balancer authenticate, or leave the action out in this environment.',
    ],
    [
      { Port: 90, DefaultActions: [{ Type: 'redirect', RedirectConfig: { StatusCode: 'HTTP_301' } }] },
      'InvalidLoadBalancerAction: The redirect must change the protocol, the port, the host or the path',
    ],
    [
      {
        Port: 90,
        DefaultActions: [forwardTo([`arn:aws:elasticloadbalancing:us-east-1:${HUB}:targetgroup/no/0`, 1])],
      },
      'TargetGroupNotFound: One or more target groups not found',
    ],
  ])('%j is refused', async (more, message) => {
    expect(await create(more)).toBe(message)
  })
})

describe('rules', async () => {
  const balancer = await makeBalancer(call, 'rules')
  const { arn: listener } = await makeListener(call, balancer, fixed)
  const create = (Priority: number, Conditions: object[] = path('/a')) =>
    call('CreateRule', { ListenerArn: listener, Priority, Conditions, Actions: [fixed] })
  const attempt = (Priority: number, Conditions: object[]) =>
    refusal('CreateRule', { ListenerArn: listener, Priority, Conditions, Actions: [fixed] })
  const listed = async () => {
    const { Rules } = await call('DescribeRules', { ListenerArn: listener })
    return Rules as { RuleArn: string; Priority: string; IsDefault: boolean }[]
  }

  it('are told by priority, the default one last', async () => {
    await create(5)
    const { Rules } = await create(3, path('/b'))
    expect((await listed()).map(({ Priority }) => Priority)).toEqual(['3', '5', 'default'])
    expect(Rules[0]).toMatchObject({
      Conditions: [{ Field: 'path-pattern', Values: ['/b'], PathPatternConfig: { Values: ['/b'] } }],
    })
    expect(await attempt(5, path('/c'))).toBe("PriorityInUse: Priority '5' is currently in use")
    const [first, second, standard] = await listed()
    await call('SetRulePriorities', {
      RulePriorities: [
        { RuleArn: first!.RuleArn, Priority: 5 },
        { RuleArn: second!.RuleArn, Priority: 3 },
      ],
    })
    expect((await listed()).map(({ RuleArn }) => RuleArn)).toEqual([
      second!.RuleArn,
      first!.RuleArn,
      standard!.RuleArn,
    ])
    expect(await refusal('ModifyRule', { RuleArn: standard!.RuleArn, Actions: [fixed] })).toBe(
      `OperationNotPermitted: Default rule '${standard!.RuleArn}' cannot be modified`,
    )
    expect(await refusal('DeleteRule', { RuleArn: standard!.RuleArn })).toBe(
      `OperationNotPermitted: Default rule '${standard!.RuleArn}' cannot be deleted`,
    )
  })

  it.each([
    [[{ Field: 'cookie', Values: ['a'] }], "ValidationError: Condition field 'cookie' must be one of"],
    [[...path('/a'), ...path('/b')], "more than one condition of the field 'path-pattern'"],
    [
      [{ Field: 'path-pattern', PathPatternConfig: { Values: ['/*/*/*/*/*/*/*'] } }],
      "more than '6' wildcard",
    ],
    [[{ Field: 'path-pattern', RegexValues: ['^/a$'] }], 'UnsupportedParameter'],
    [[{ Field: 'source-ip', SourceIpConfig: { Values: ['10.0.0.1'] } }], "value '10.0.0.1' is not valid"],
  ])('%j is refused', async (conditions, message) => {
    expect(await attempt(9, conditions)).toContain(message)
  })
})

describe('attributes', () => {
  it('that are not carried out are refused by name', async () => {
    const arn = await makeBalancer(call, 'attributes')
    const set = (Key: string, Value: string) =>
      refusal('ModifyLoadBalancerAttributes', { LoadBalancerArn: arn, Attributes: [{ Key, Value }] })
    expect(await set('access_logs.s3.enabled', 'true')).toBe(
      'UnsupportedParameter: The embedded cloud does not support the attribute access_logs.s3.enabled with the value true. Leave it at "false".',
    )
    expect(await set('idle_timeout.timeout_seconds', '5000')).toContain("'5000' is not a valid value")
    expect(await set('no.such', '1')).toBe(
      "InvalidConfigurationRequest: The following attributes are not supported: 'no.such'",
    )
  })
})

describe('limits', () => {
  it('are told', async () => {
    const { Limits } = await call('DescribeAccountLimits')
    expect(Limits).toContainEqual({ Name: 'application-load-balancers', Max: '50' })
    const { SslPolicies } = await call('DescribeSSLPolicies', {
      Names: ['ELBSecurityPolicy-TLS13-1-3-2021-06'],
    })
    expect(SslPolicies[0].SslProtocols).toEqual(['TLSv1.3'])
  })
})

describe('another account', () => {
  it('sees nothing of it', async () => {
    const arn = await makeBalancer(call, 'mine')
    const theirs = rootCaller(test.cloud, 'elasticloadbalancing', { account: DEV })
    expect((await theirs('DescribeLoadBalancers')).LoadBalancers).toEqual([])
    await expect(theirs('DescribeLoadBalancers', { LoadBalancerArns: [arn] })).rejects.toThrow('not found')
  })
})
