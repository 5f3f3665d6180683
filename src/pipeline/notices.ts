/** What AWS CodeStar Notifications and EventBridge tell of a pipeline, and under which names. */

/** AWS: "Events for notification rules on pipelines", of the whole execution and of approvals. */
export const PIPELINE_NOTICES = {
  started: 'codepipeline-pipeline-pipeline-execution-started',
  succeeded: 'codepipeline-pipeline-pipeline-execution-succeeded',
  failed: 'codepipeline-pipeline-pipeline-execution-failed',
  canceled: 'codepipeline-pipeline-pipeline-execution-canceled',
  resumed: 'codepipeline-pipeline-pipeline-execution-resumed',
  superseded: 'codepipeline-pipeline-pipeline-execution-superseded',
  approval: 'codepipeline-pipeline-manual-approval-needed',
  approved: 'codepipeline-pipeline-manual-approval-succeeded',
  rejected: 'codepipeline-pipeline-manual-approval-failed',
} as const

/** AWS: the principal that publishes to topics. */
export const NOTICE_SERVICE = 'codestar-notifications.amazonaws.com'

/** AWS: rules about one resource, and targets of one rule ("Quotas for notifications"). */
export const NOTICE_LIMITS = { rules: 10, targets: 10 } as const

/** Gives the kind of target that a chat configuration is; undefined for what no rule can tell. AWS: Target, TargetType. */
export function chatTarget(arn: string): 'AWSChatbotSlack' | 'AWSChatbotMicrosoftTeams' | undefined {
  if (arn.includes(':chat-configuration/slack-channel/')) return 'AWSChatbotSlack'
  return arn.includes(':chat-configuration/microsoft-teams-channel/') ? 'AWSChatbotMicrosoftTeams' : undefined
}

/** The events of EventBridge that tell of a rollback. AWS: notification rules know none. */
export const rollbackStarted = (pipeline: string) => ({
  source: ['aws.codepipeline'],
  'detail-type': ['CodePipeline Pipeline Execution State Change'],
  detail: {
    pipeline: [pipeline],
    state: ['STARTED'],
    'execution-trigger': { 'trigger-type': ['AutomatedRollback', 'ManualRollback'] },
  },
})
