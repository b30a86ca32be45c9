/** @file A program that the reader types: its actions, or what is wrong with it. Appendix C. */
import { computed, type Ref, ref } from 'vue';
import { type Action, isStraight, readProgram, wordsOfProgram } from '../../../src/karel/index.ts';

/** While the text is no program, the actions are those that it last had. */
export function useProgram(first: string, most: number) {
  const text = ref(first);
  let last: readonly Action[] = [];
  const read = computed((): { actions: readonly Action[]; failed: string } => {
    try {
      const words = wordsOfProgram(readProgram(text.value));
      if (!isStraight(words)) throw new Error('only actions one after the other can be used here');
      if (words.length > most) throw new Error(`at most ${most} actions fit here`);
      last = words;
      return { actions: words, failed: '' };
    } catch (error) {
      return { actions: last, failed: (error as Error).message };
    }
  });
  return {
    text: text as Ref<string>,
    actions: computed(() => read.value.actions),
    failed: computed(() => read.value.failed),
  };
}
