package io.vitessbeam.write;

import io.vitessbeam.block.Block;
import org.apache.beam.sdk.transforms.DoFn;
import org.apache.beam.sdk.values.PCollectionView;

/** Gives blocks the number of their plan, which the side input has. */
public final class PlannedBlocksFn extends DoFn<Block, Block> {

  private static final long serialVersionUID = 1L;

  private final PCollectionView<Long> plan;

  public PlannedBlocksFn(PCollectionView<Long> plan) {
    this.plan = plan;
  }

  @ProcessElement
  public void process(ProcessContext context) {
    context.output(numbered(context.element(), context.sideInput(plan)));
  }

  private static Block numbered(Block block, long plan) {
    return block.withOrigin(block.origin().ofPlan(plan));
  }
}
