/** The parameters that CloudFormation itself gives every template. */
import type { Value } from '../values/value.ts'

export const pseudoParameters = [
  'AWS::AccountId',
  'AWS::NotificationARNs',
  'AWS::NoValue',
  'AWS::Partition',
  'AWS::Region',
  'AWS::StackId',
  'AWS::StackName',
  'AWS::URLSuffix',
] as const

/** Gives their values for one stack; `AWS::NoValue` has none. */
export const pseudoValues = (stack: {
  account: string
  region: string
  stackId: string
  stackName: string
  notificationArns: readonly string[]
}): [string, Value][] => [
  ['AWS::AccountId', stack.account],
  ['AWS::NotificationARNs', stack.notificationArns],
  ['AWS::Partition', 'aws'],
  ['AWS::Region', stack.region],
  ['AWS::StackId', stack.stackId],
  ['AWS::StackName', stack.stackName],
  ['AWS::URLSuffix', 'amazonaws.com'],
]
