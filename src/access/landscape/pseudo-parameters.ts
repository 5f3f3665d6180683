/** The parameters that every stack has. */
import { formatArn } from '../../model/index.ts'
import type { PlacedTemplate } from './placed-template.ts'
import { unknownValue } from './unknown-value.ts'

/** Gives the value of `AWS::AccountId` and its like; undefined for other names. */
export function pseudoParameter(
  name: string,
  { target: { account, region }, stack }: PlacedTemplate,
): string | undefined {
  switch (name) {
    case 'AWS::AccountId':
      return account
    case 'AWS::Region':
      return region
    case 'AWS::Partition':
      return 'aws'
    case 'AWS::URLSuffix':
      return 'amazonaws.com'
    case 'AWS::StackName':
      return stack
    case 'AWS::StackId':
      return formatArn('cloudformation', region, account, `stack/${stack}/${unknownValue('id')}`)
    default:
      return undefined
  }
}
