/** A stack as synthesis gives it, for units that deploy one. */
import type { AssemblyStack } from '../src/model/index.ts'

export const assemblyStack = (more: Partial<AssemblyStack> = {}): AssemblyStack => ({
  name: 'app',
  target: { account: '222222222222', region: 'us-east-1' },
  environment: 'dev',
  title: 'the application in dev',
  template: { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } },
  capabilities: ['CAPABILITY_NAMED_IAM'],
  tags: { fleet: 'small' },
  parametersFrom: {},
  ...more,
})
