/** A person's approval. */
import { type ActionProvider, awsAction, between, needAll } from '../provider.ts'

export const manualApproval: ActionProvider = {
  type: awsAction('Approval', 'Manual'),
  inputs: between(0, 0),
  outputs: between(0, 0),
  configuration: { NotificationArn: {}, CustomData: {}, ExternalEntityLink: {} },
  variables: [],
  cost: 'nothing',
  needs: ({ role, value }) =>
    value('NotificationArn')
      ? needAll(role, ['sns:Publish'], value('NotificationArn'), 'to ask for the approval')
      : [],
}
