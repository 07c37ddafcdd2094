/* Runs libyaml's parser over files and does nothing with what it finds: what reading YAML costs at least. */
#include <stdio.h>
#include <yaml.h>

static int parse(const char *path) {
    FILE *file = fopen(path, "rb");
    if (file == NULL) return 0;
    yaml_parser_t parser;
    yaml_parser_initialize(&parser);
    yaml_parser_set_input_file(&parser, file);
    yaml_event_t event;
    yaml_event_type_t type = YAML_NO_EVENT;
    while (type != YAML_STREAM_END_EVENT && yaml_parser_parse(&parser, &event)) {
        type = event.type;
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    fclose(file);
    return type == YAML_STREAM_END_EVENT;
}

int main(int count, char **paths) {
    for (int index = 1; index < count; index++)
        if (!parse(paths[index])) {
            fprintf(stderr, "%s: cannot be parsed\n", paths[index]);
            return 1;
        }
    return 0;
}
