/** Looks whether what a new stack is to make belongs to another stack already: two fleets of one hub may think of one name. */
import { type CloudFormationClient, DescribeStackResourcesCommand } from '@aws-sdk/client-cloudformation'
import { type AssemblyStack, FleetError } from '../../model/index.ts'

/** AWS: PipelineNameInUseException, which CloudFormation tells when half of the stack is made. */
const TYPE = 'AWS::CodePipeline::Pipeline'

/** Errors: FleetError with the stack that has a pipeline of the name. */
export async function refuseTakenNames(
  client: CloudFormationClient,
  { name: stack, target, template }: AssemblyStack,
): Promise<void> {
  for (const { Type, Properties: { Name } = {} } of Object.values(template.Resources)) {
    if (Type !== TYPE || typeof Name !== 'string') continue
    const owner = await ownerOf(client, Name)
    if (owner === undefined || owner === stack) continue
    throw new FleetError(
      `there is a pipeline ${Name} in ${target.account} ${target.region} already: it belongs to the stack ${owner}`,
      { fix: `rename the pipeline in the fleet file, or delete the stack ${owner} of the other fleet` },
    )
  }
}

/** Gives the stack of a pipeline; undefined where there is none, or whoever deploys may not look at others' stacks. */
async function ownerOf(client: CloudFormationClient, pipeline: string): Promise<string | undefined> {
  const command = new DescribeStackResourcesCommand({ PhysicalResourceId: pipeline })
  const { StackResources = [] } = await client.send(command).catch(() => ({ StackResources: [] }))
  return StackResources.find(
    ({ ResourceType, PhysicalResourceId }) => ResourceType === TYPE && PhysicalResourceId === pipeline,
  )?.StackName
}
