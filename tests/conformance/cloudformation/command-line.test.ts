/** CloudFormation as the aws CLI and boto3 use it; skipped where they are not installed. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { HUB, startTestCloud } from '../cloud.ts'
import { commandLine, hasBoto3, hasCli } from '../command-line.ts'

const test = await startTestCloud()
const { folder, aws, python } = commandLine(test.cloud, 'eu-west-1')
const cloudformation = (...args: string[]) => aws('cloudformation', ...args)

const template = (billing: string) => `
Parameters:
  Name: {Type: String}
Resources:
  Table:
    Type: AWS::DynamoDB::Table
    Properties:
      TableName: !Ref Name
      BillingMode: ${billing}
      KeySchema: [{AttributeName: id, KeyType: HASH}]
Outputs:
  Arn: {Value: !GetAtt Table.Arn}
`

describe.skipIf(!hasCli)('aws cloudformation (skipped: the aws CLI is not installed)', () => {
  it('deploys, says when nothing changed, describes, waits and deletes', async () => {
    writeFileSync(join(folder, 't.yaml'), template('PROVISIONED'))
    const deploy = (...more: string[]) =>
      cloudformation(
        'deploy',
        '--template-file',
        't.yaml',
        '--stack-name',
        'cli',
        '--parameter-overrides',
        'Name=orders',
        ...more,
      )
    expect(await deploy('--tags', 'team=a')).toContain('Successfully created/updated stack - cli')
    expect(await deploy('--tags', 'team=a', '--no-fail-on-empty-changeset')).toContain(
      'No changes to deploy. Stack cli is up to date',
    )
    await expect(deploy('--tags', 'team=a', '--fail-on-empty-changeset')).rejects.toThrow()
    writeFileSync(join(folder, 't.yaml'), template('PAY_PER_REQUEST'))
    expect(await deploy('--tags', 'team=a')).toContain('Successfully created/updated')
    const outputs = await cloudformation(
      'describe-stacks',
      '--stack-name',
      'cli',
      '--query',
      'Stacks[0].Outputs[0].OutputValue',
      '--output',
      'text',
    )
    expect(outputs.trim()).toBe(`arn:aws:dynamodb:eu-west-1:${HUB}:table/orders`)
    expect(await cloudformation('validate-template', '--template-body', 'file://t.yaml')).toContain('"Name"')
    const events = await cloudformation('describe-stack-events', '--stack-name', 'cli', '--output', 'text')
    expect(events).toContain('UPDATE_COMPLETE_CLEANUP_IN_PROGRESS')
    await cloudformation('delete-stack', '--stack-name', 'cli')
    await cloudformation('wait', 'stack-delete-complete', '--stack-name', 'cli')
    await expect(cloudformation('describe-stacks', '--stack-name', 'cli')).rejects.toThrow(
      'Stack with id cli does not exist',
    )
  }, 120_000)
})

const program = `
import boto3, json
c = boto3.client('cloudformation')
body = open('t.yaml').read()
parameters = [{'ParameterKey': 'Name', 'ParameterValue': 'b3'}]
c.create_stack(StackName='boto', TemplateBody=body, Parameters=parameters)
c.get_waiter('stack_create_complete').wait(StackName='boto', WaiterConfig={'Delay': 1})
set = dict(StackName='boto', ChangeSetName='one')
c.create_change_set(TemplateBody=body.replace('PAY_PER_REQUEST', 'PROVISIONED'), Parameters=parameters, **set)
c.get_waiter('change_set_create_complete').wait(WaiterConfig={'Delay': 1}, **set)
changes = c.describe_change_set(**set)['Changes']
c.execute_change_set(**set)
c.get_waiter('stack_update_complete').wait(StackName='boto', WaiterConfig={'Delay': 1})
codes = []
for call in (lambda: c.describe_change_set(StackName='boto', ChangeSetName='none'),
             lambda: c.create_stack(StackName='boto', TemplateBody=body, Parameters=parameters),
             lambda: c.execute_change_set(**set),
             lambda: c.describe_stacks(StackName='none')):
    try: call()
    except c.exceptions.ClientError as e: codes.append(e.response['Error']['Code'])
c.delete_stack(StackName='boto')
c.get_waiter('stack_delete_complete').wait(StackName='boto', WaiterConfig={'Delay': 1})
names = [s['StackName'] for p in c.get_paginator('list_stacks').paginate(StackStatusFilter=['DELETE_COMPLETE']) for s in p['StackSummaries']]
print(json.dumps({'changes': changes, 'codes': codes, 'names': names}))
`

describe.skipIf(!hasBoto3)('boto3 (skipped: it is not installed)', () => {
  it('waits for stacks and change sets, and names errors', async () => {
    writeFileSync(join(folder, 't.yaml'), template('PAY_PER_REQUEST'))
    const stdout = await python(program)
    const { changes, codes, names } = JSON.parse(stdout)
    expect(changes).toHaveLength(1)
    expect(changes[0].ResourceChange).toMatchObject({ Action: 'Modify', Replacement: 'False' })
    expect(codes).toEqual([
      'ChangeSetNotFound',
      'AlreadyExistsException',
      'InvalidChangeSetStatus',
      'ValidationError',
    ])
    expect(names).toContain('boto')
  }, 120_000)
})
