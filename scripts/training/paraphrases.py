"""Other wordings of the instructions of the training sets: every kind of text with every objective.

usage: paraphrases.py > paraphrases.yaml
"""

PLAIN = ""  # a text without an instruction

# instruction -> kinds of text, objectives
WORDINGS = {
    "Represent the user utterance for classifying intent: ": (
        ["user utterance", "customer request", "message to an assistant", "question", "query", "request",
         "support message", "command"],
        ["intent classification", "classifying its purpose", "clustering by intent", "classification",
         "finding requests with the same purpose"]),
    "Represent the statement: ": (
        ["statement", "sentence", "caption", "text", "headline", "description", "forum post", "comment",
         "news sentence"],
        ["", "semantic similarity", "judging similarity", "paraphrase detection", "duplicate detection",
         "finding texts of the same meaning"]),
    "Represent the sentence pair for retrieving an explanation: ": (
        ["sentence pair", "two sentences", "pair of statements"],
        ["retrieving an explanation", "finding why one follows", "explanation retrieval"]),
    "Represent the explanation: ": (
        ["explanation", "reason", "justification", "comment"],
        ["", "retrieval"]),
    "Represent the trivia question for retrieving the answer: ": (
        ["trivia question", "quiz question", "question", "general knowledge question"],
        ["retrieving the answer", "answer retrieval", "finding its answer"]),
    "Represent the trivia answer: ": (
        ["trivia answer", "quiz answer", "answer", "short answer"],
        ["", "retrieval"]),
    "Represent the trivia question for clustering by topic: ": (
        ["trivia question", "quiz question", "question", "text", "short text"],
        ["clustering by topic", "topic classification", "clustering", "classifying its subject",
         "clustering by subject"]),
    "Represent the Wikipedia question for retrieving the answer: ": (
        ["Wikipedia question", "search query", "question about a fact", "question", "web query"],
        ["retrieving the answer", "finding its answer", "answer retrieval"]),
    "Represent the short answer: ": (
        ["short answer", "answer", "name or number"],
        ["", "retrieval"]),
    "Represent the question for retrieving the answer entity: ": (
        ["question", "web question", "search query"],
        ["retrieving the answer entity", "finding a person, place or thing", "entity retrieval"]),
    "Represent the entity: ": (
        ["entity", "name", "title"],
        ["", "retrieval"]),
    "Represent the Wikipedia question for retrieving the supporting sentence: ": (
        ["Wikipedia question", "question", "search query", "query", "factual question"],
        ["retrieving the supporting sentence", "retrieving relevant passages", "retrieving evidence",
         "document retrieval", "retrieving the sentence that answers it"]),
    "Represent the Wikipedia sentence for retrieval: ": (
        ["Wikipedia sentence", "sentence", "passage", "document", "encyclopedia sentence", "article"],
        ["retrieval"]),
    "Represent the shell task description for retrieving the command: ": (
        ["shell task description", "task", "command description", "programming question"],
        ["retrieving the command", "finding the command line", "code retrieval"]),
    "Represent the shell command: ": (
        ["shell command", "command line", "terminal command", "code"],
        ["", "retrieval"]),
    "Represent the bash command: ": (
        ["bash command", "shell code", "bash command line", "code"],
        ["", "retrieval"]),
    "Represent the software description for retrieving the program name: ": (
        ["software description", "description of a program", "summary of a tool"],
        ["retrieving the program name", "finding its name", "retrieving the tool"]),
    "Represent the program name: ": (
        ["program name", "name of a program", "tool"],
        ["", "retrieval"]),
    "Represent the dictionary definition for retrieving the word: ": (
        ["dictionary definition", "definition", "meaning", "gloss"],
        ["retrieving the word", "finding the word", "retrieving the term that it defines"]),
    "Represent the dictionary word: ": (
        ["dictionary word", "word", "term"],
        ["", "retrieval"]),
    "Represent the dictionary entry for retrieving a usage example: ": (
        ["dictionary entry", "word and its meaning", "entry"],
        ["retrieving a usage example", "finding an example", "retrieving a sentence that uses it"]),
    "Represent the usage example: ": (
        ["usage example", "example sentence", "sentence", "quotation"],
        ["", "retrieval"]),
    "Represent the concept for retrieving a broader concept: ": (
        ["concept", "term", "word and its meaning"],
        ["retrieving a broader concept", "finding a more general term", "retrieving what it is a kind of"]),
    "Represent the broader concept: ": (
        ["broader concept", "general term", "category"],
        ["", "retrieval"]),
    "Represent the movie review for classifying emotion as positive or negative: ": (
        ["movie review", "film review", "review", "opinion", "customer comment"],
        ["classifying emotion as positive or negative", "sentiment classification", "classifying its polarity",
         "classifying whether it is favourable"]),
    "Represent the dialogue turn for retrieving the response: ": (
        ["dialogue turn", "utterance", "message", "chat message"],
        ["retrieving the response", "finding the reply", "response retrieval"]),
    "Represent the dialogue response: ": (
        ["dialogue response", "reply", "answer in a conversation"],
        ["", "retrieval"]),
    "Represent the medical question for retrieving the answer: ": (
        ["medical question", "health question", "patient's question", "question", "clinical query"],
        ["retrieving the answer", "retrieving relevant documents", "retrieving passages that answer it"]),
    "Represent the medical answer for retrieval: ": (
        ["medical answer", "health text", "medical passage", "document", "abstract"],
        ["retrieval"]),
    "Represent the Science title for clustering by topic: ": (
        ["Science title", "paper title", "title", "headline", "article", "text"],
        ["clustering by topic", "topic classification", "classifying its field", "clustering by subject",
         "clustering"]),
}


def wordings(kinds, objectives):
    for kind in kinds:
        for objective in objectives:
            yield f"Represent the {kind} for {objective}: " if objective else f"Represent the {kind}: "


def main():
    print("# Other wordings of the instructions of the training sets; made by paraphrases.py.")
    for instruction, (kinds, objectives) in WORDINGS.items():
        print(f'"{instruction}":')
        others = [wording for wording in wordings(kinds, objectives) if wording != instruction]
        for wording in [*others, PLAIN]:
            print(f'  - "{wording}"')


main()
