"""The fields of Reddit's objects that are read, and those that are known to be of no use here."""

from __future__ import annotations

_OF_BOTH = frozenset(
    {
        *("_meta", "all_awardings", "allow_live_comments", "approved", "approved_at_utc", "approved_by"),
        *("archived", "associated_award", "author", "author_cakeday", "author_created_utc"),
        *("author_flair_background_color", "author_flair_css_class", "author_flair_richtext"),
        *("author_flair_template_id", "author_flair_text", "author_flair_text_color", "author_flair_type"),
        *("author_fullname", "author_id", "author_is_blocked", "author_patreon_flair", "author_premium"),
        *("author_url", "awarders", "banned_at_utc", "banned_by", "can_gild", "can_mod_post", "created"),
        *("created_utc", "distinguished", "downs", "edited", "gilded", "gildings", "id", "ignore_reports", "likes"),
        *("locked", "media_metadata", "mod_note", "mod_reason_by", "mod_reason_title", "mod_reports", "name"),
        *("no_follow", "num_reports", "permalink", "permalink_url", "quarantine", "quarantined", "removal_reason"),
        *("removed", "replies", "report_reasons", "retrieved_on", "retrieved_utc", "rte_mode", "saved", "score"),
        *("score_hidden", "score_history", "send_replies", "spam", "steward_reports", "stickied", "subreddit"),
        *("subreddit_id", "subreddit_name_prefixed", "subreddit_subscribers", "subreddit_type", "top_awarded_type"),
        *("total_awards_received", "treatment_tags", "updated_on", "updated_utc", "ups", "user_reports"),
        *("utc_datetime_str",),
    }
)
OF_COMMENTS = _OF_BOTH | frozenset(
    {
        *("body", "body_html", "body_sha1", "children", "collapsed", "collapsed_because_crowd_control"),
        *("collapsed_reason", "collapsed_reason_code", "comment_type", "controversiality", "count", "depth"),
        *("editable", "expression_asset_data", "is_root_comment", "is_submitter", "link_author", "link_id"),
        *("link_permalink", "link_title", "link_url", "nest_level", "num_comments", "over_18", "parent_id"),
        *("unrepliable_reason",),
    }
)
OF_POSTS = _OF_BOTH | frozenset(
    {
        *("ad_business", "ad_promoted_user_posts", "ad_supplementary_text_md", "ad_user_targeting"),
        *("adserver_click_url", "adserver_imp_pixel", "app_store_data", "brand_safe", "call_to_action"),
        *("campaign_id", "category", "clicked", "content_categories", "contest_mode", "crosspost_parent"),
        *("crosspost_parent_list", "discussion_type", "domain", "domain_override", "embed_type", "embed_url"),
        *("events", "eventsOnRender", "full_link", "hidden", "hide_score", "href_url", "impression_id"),
        *("impression_id_str", "is_blank", "is_call_to_action", "is_created_from_ads_ui", "is_crosspostable"),
        *("is_gallery", "is_meta", "is_original_content", "is_reddit_media_domain", "is_robot_indexable"),
        *("is_self", "is_survey_ad", "is_video", "link_flair_background_color", "link_flair_css_class"),
        *("link_flair_richtext", "link_flair_template_id", "link_flair_text", "link_flair_text_color"),
        *("link_flair_type", "link_id", "media", "media_embed", "media_only", "mobile_ad_url", "num_comments"),
        *("num_crossposts", "num_duplicates", "og_description", "og_title", "original_link", "outbound_link"),
        *("over_18", "parent_whitelist_status", "pinned", "post_hint", "preview", "priority_id", "product_ids"),
        *("promo_layout", "promoted", "promoted_by", "promoted_display_name", "promoted_url", "pwls", "removed_by"),
        *("removed_by_category", "rpan_video", "secure_media", "secure_media_embed", "selftext", "selftext_html"),
        *("show_media", "spoiler", "subcaption", "suggested_sort", "third_party_trackers", "third_party_tracking"),
        *("third_party_tracking_2", "thumbnail", "thumbnail_height", "thumbnail_url", "thumbnail_width", "title"),
        *("upvote_ratio", "url", "url_overridden_by_dest", "user_id", "view_count", "visited", "whitelist_status"),
        *("wls",),
    }
)
