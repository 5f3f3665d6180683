/** boto3 and the aws CLI against load balancers. */
import { expect, it } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { commandLine, hasBoto3 } from '../command-line.ts'

const test = await startTestCloud()
const { python } = commandLine(test.cloud)

it.runIf(hasBoto3)('answers boto3, with its waiters and pages', async () => {
  const program = `
import boto3, json, urllib.request
c = boto3.client('elbv2')
arn = c.create_load_balancer(Name='web', Subnets=['subnet-1a', 'subnet-1b'])['LoadBalancers'][0]['LoadBalancerArn']
c.get_waiter('load_balancer_available').wait(LoadBalancerArns=[arn])
group = c.create_target_group(Name='app', Protocol='HTTP', Port=80, VpcId='vpc-1', TargetType='ip')['TargetGroups'][0]['TargetGroupArn']
listener = c.create_listener(LoadBalancerArn=arn, Protocol='HTTP', Port=80, DefaultActions=[
  {'Type': 'fixed-response', 'FixedResponseConfig': {'StatusCode': '200', 'MessageBody': 'hello', 'ContentType': 'text/plain'}}])['Listeners'][0]['ListenerArn']
for n in range(1, 6):
  c.create_rule(ListenerArn=listener, Priority=n, Conditions=[{'Field': 'path-pattern', 'Values': ['/%d' % n]}],
    Actions=[{'Type': 'forward', 'TargetGroupArn': group}])
rules = [r['Priority'] for p in c.get_paginator('describe_rules').paginate(ListenerArn=listener, PaginationConfig={'PageSize': 2}) for r in p['Rules']]
attributes = {a['Key']: a['Value'] for a in c.describe_listener_attributes(ListenerArn=listener)['Attributes']}
text = urllib.request.urlopen(attributes['crossdock.address']).read().decode()
try:
  c.describe_target_health(TargetGroupArn=group.replace('app', 'other'))
except c.exceptions.TargetGroupNotFoundException as error:
  code = error.response['Error']['Code']
print(json.dumps({'rules': rules, 'text': text, 'code': code}))
`
  expect(JSON.parse(await python(program))).toEqual({
    rules: ['1', '2', '3', '4', '5', 'default'],
    text: 'hello',
    code: 'TargetGroupNotFound',
  })
})
